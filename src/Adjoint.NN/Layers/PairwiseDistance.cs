namespace Adjoint.NN;

/// <summary>Distances of vectors that stand opposite each other, as a module (<c>torch.nn.PairwiseDistance</c>); see
/// <c>Tensor.PairwiseDistance</c>.</summary>
/// <param name="p">The order of the norm.</param>
/// <param name="eps">What is added to differences.</param>
/// <param name="keepDim">Keep the last dimension with size 1.</param>
public sealed class PairwiseDistance(double p = 2, double eps = 1e-6, bool keepDim = false) : Module
{
    /// <summary>The distances.</summary>
    /// <param name="x1">Vectors along the last dimension.</param>
    /// <param name="x2">As many, or such that they broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Forward(Tensor x1, Tensor x2)
    {
        ArgumentNullException.ThrowIfNull(x1);
        return x1.PairwiseDistance(x2, p, eps, keepDim);
    }
}
