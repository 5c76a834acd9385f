namespace Adjoint.NN;

/// <summary>The gated linear unit as a layer (<c>torch.nn.GLU</c>); see <c>Tensor.Glu</c>.</summary>
/// <param name="dim">The dimension that is cut into halves; negative counts from the end.</param>
public sealed class GLU(int dim = -1) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"dim={dim}";

    /// <summary>The first half of a dimension times the sigmoid of the second.</summary>
    /// <param name="x">Of any shape.</param>
    /// <exception cref="ShapeException">The dimension cannot be halved.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Glu(dim);
    }
}
