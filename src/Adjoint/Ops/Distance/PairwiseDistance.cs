namespace Adjoint;

/// <content>Distances of vectors that stand opposite each other.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The p-norm of x - y + eps over the last dimension, for vectors that broadcast (<c>torch.nn.functional.pairwise_distance</c>).
    /// </summary>
    /// <param name="x2">The other vectors.</param>
    /// <param name="p">The order of the norm.</param>
    /// <param name="eps">Keeps the slope of equal vectors finite.</param>
    /// <param name="keepDim">Keep the dimension with size 1.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The numbers are not real.</exception>
    public Tensor PairwiseDistance(Tensor x2, double p = 2, double eps = 1e-6, bool keepDim = false)
    {
        ArgumentNullException.ThrowIfNull(x2);
        return ((this - x2) + eps).Norm(p, [-1], keepDim);
    }
}
