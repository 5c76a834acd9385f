namespace Adjoint;

/// <content>Complex conjugates, of reals.</content>
public sealed partial class Tensor
{
    /// <summary>The complex conjugate; a real is its own.</summary>
    public Tensor Conj() => this;

    /// <summary>The complex conjugate in memory of its own where that differs; a real tensor is its own.</summary>
    public Tensor ConjPhysical() => this;

    /// <summary>The tensor with a conjugation that is still to be done carried out: itself, if it is real.</summary>
    public Tensor ResolveConj() => this;

    /// <summary>The tensor with a negation that is still to be done carried out: itself.</summary>
    public Tensor ResolveNeg() => this;

    /// <summary>The real part: a real tensor itself.</summary>
    public Tensor Real => this;

    /// <summary>The conjugate transpose of a matrix (<c>Tensor.H</c>), a view; a scalar is its own.</summary>
    /// <exception cref="ShapeException">The tensor has another number of dimensions than 0 or 2.</exception>
    public Tensor H => Rank is 0 or 2
        ? Rank == 0 ? this : Transpose(0, 1)
        : throw new ShapeException(
            $"tensor.H is only supported on matrices (2-D tensors). Got {Rank}-D tensor. For batches of matrices, consider using " +
            "tensor.mH. In C#: x.MH.");

    /// <summary>The conjugate transpose of matrices along the last two dimensions (<c>Tensor.mH</c>), a view; a scalar is its own.</summary>
    /// <exception cref="ShapeException">The tensor has one dimension.</exception>
    public Tensor MH => Rank != 1
        ? Rank == 0 ? this : Transpose(-2, -1)
        : throw new ShapeException(
            "tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor. Give it a dimension first: x.Unsqueeze(0).");
}
