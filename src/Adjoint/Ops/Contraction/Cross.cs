using Adjoint.Families;

namespace Adjoint;

/// <summary>The cross products of vectors of three along a dimension, counted from the end, of two tensors of one shape.</summary>
internal readonly record struct Cross(int Dim) : IBilinear
{
    public string GradName => "LinalgCrossBackward0";

    public TensorType Infer(TensorType x, TensorType y) => x;

    public Tensor Apply(Tensor x, Tensor y) => Apply(x, y, null);

    public Tensor Apply(Tensor x, Tensor y, Tensor? addend)
    {
        var (a, b) = (x.Detach(), y.Detach());
        var (a0, a1, a2) = (a.Select(Dim, 0), a.Select(Dim, 1), a.Select(Dim, 2));
        var (b0, b1, b2) = (b.Select(Dim, 0), b.Select(Dim, 1), b.Select(Dim, 2));
        var products = Tensor.Stack([(a1 * b2) - (a2 * b1), (a2 * b0) - (a0 * b2), (a0 * b1) - (a1 * b0)], Dim);
        return addend is null ? products : products + addend.Detach();
    }

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => Op.Bilinear(this, y, g);

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => Op.Bilinear(this, g, x);

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY)
    {
        var (left, right) = LossArguments.Broadcast(x, y);
        return Op.Bilinear(this, left, right);
    }
}

/// <content>Cross products.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The cross products of vectors of three, for tensors that broadcast (<c>torch.cross</c>, and <c>torch.linalg.cross</c> with the last
    /// dimension).
    /// </summary>
    /// <param name="other">The right vectors.</param>
    /// <param name="dim">The dimension of size 3; negative counts from the end. The first one of that size if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or no dimension has size 3.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Cross(Tensor other, int? dim = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Rank != other.Rank)
        {
            throw new ShapeException(
                $"linalg.cross: inputs must have the same number of dimensions. Shapes: {Shape.Text(Layout.Sizes)} and " +
                $"{Shape.Text(other.Layout.Sizes)}.");
        }

        var dtype = Gate.Promotion.ResultType(this, other);
        var (x, y) = LossArguments.Broadcast(To(dtype), other.To(dtype));
        var axis = dim is { } given ? Layout.Dim(given) : Array.IndexOf(x.Layout.Sizes, 3);
        if (axis < 0 || Rank == 0)
        {
            throw new ShapeException($"no dimension of size 3 in input. The shape is {Shape.Text(x.Layout.Sizes)}.");
        }

        if (Layout.Sizes[axis] != 3 || other.Layout.Sizes[axis] != 3)
        {
            throw new ShapeException(
                $"linalg.cross: inputs dimension {dim ?? axis} must have length 3. Got {Layout.Sizes[axis]} and {other.Layout.Sizes[axis]}.");
        }

        return Op.Bilinear(new Cross(axis - Rank), x, y);
    }
}
