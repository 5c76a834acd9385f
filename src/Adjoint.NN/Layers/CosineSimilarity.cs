namespace Adjoint.NN;

/// <summary>The cosines of angles between vectors, as a module (<c>torch.nn.CosineSimilarity</c>); see
/// <c>Tensor.CosineSimilarity</c>.</summary>
/// <param name="dim">The dimension of the vectors.</param>
/// <param name="eps">The least length that a vector is divided by.</param>
public sealed class CosineSimilarity(int dim = 1, double eps = 1e-8) : Module
{
    /// <summary>The cosines.</summary>
    /// <param name="x1">Vectors along the dimension.</param>
    /// <param name="x2">As many, or such that they broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Forward(Tensor x1, Tensor x2)
    {
        ArgumentNullException.ThrowIfNull(x1);
        return x1.CosineSimilarity(x2, dim, eps);
    }
}
