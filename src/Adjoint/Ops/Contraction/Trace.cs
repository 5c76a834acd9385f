using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The sum of a matrix's diagonal. Its transpose puts a number on a diagonal of zeros.</summary>
internal readonly record struct Trace : ILinear
{
    public TensorType Infer(TensorType x) => x.To(Op.Widens(x.DType) ? DType.Int64 : x.DType).With();

    public Tensor Apply(Tensor x)
    {
        var (sizes, strides) = (x.Layout.Sizes, x.Layout.Strides);
        var diagonal = x.View(new Layout([Math.Min(sizes[0], sizes[1])], [strides[0] + strides[1]], x.Layout.Offset));
        return Op.Widens(x.DType) ? Op.SumWide(diagonal, [true], keepDim: false) : Op.Fold(default(SumFold), diagonal, [true], keepDim: false);
    }

    public Tensor Transpose(Tensor g, Shape input) =>
        Tensor.Where(Diagonal(input.Sizes), g, Tensor.Scalar(0.0).To(g.DType));

    public Tensor? Batch(Tensor x) => x.MaskedFill(!Diagonal(x.Layout.Sizes.AsSpan(1)), 0).Sum([1, 2]);

    private static Tensor Diagonal(ReadOnlySpan<int> sizes) => Tensor.Arange(sizes[0]).Unsqueeze(1).Eq(Tensor.Arange(sizes[1]));
}

/// <content>The trace of a matrix.</content>
public sealed partial class Tensor
{
    /// <summary>The sum of the diagonal of a matrix; whole numbers give int64 (<c>torch.trace</c>).</summary>
    /// <exception cref="ShapeException">This is no matrix.</exception>
    public Tensor Trace() => Rank == 2
        ? Op.Linear(default(Trace), this)
        : throw new ShapeException($"trace: expected a matrix, but got tensor with dim {Rank}. Its shape is {Shape.Text(Layout.Sizes)}.");
}
