namespace Adjoint;

/// <content>The gated linear unit.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The first half along a dimension times the logistic function of the second (<c>torch.nn.functional.glu</c>; Dauphin and others, "Language
    /// modeling with gated convolutional networks", 2017).
    /// </summary>
    /// <param name="dim">The dimension, of an even size.</param>
    /// <exception cref="ShapeException">The tensor has no dimensions, or the size is odd.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Glu(int dim = -1)
    {
        _ = NearOne.Real(this, "glu_cpu");
        if (Rank == 0)
        {
            throw new ShapeException("glu does not support 0-dimensional tensors. Give it a dimension first: x.Unsqueeze(0).");
        }

        var size = Shape[dim];
        if (size % 2 != 0)
        {
            throw new ShapeException(
                $"Halving dimension must be even, but dimension {(dim < 0 ? dim + Rank : dim)} is size {size}. The shape is {Shape}.");
        }

        return Narrow(dim, 0, size / 2) * Narrow(dim, size / 2, size / 2).Sigmoid();
    }
}
