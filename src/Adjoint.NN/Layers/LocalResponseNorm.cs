namespace Adjoint.NN;

/// <summary>
/// Divides each element by the sizes of those of neighbouring channels (<c>torch.nn.LocalResponseNorm</c>); see <c>Tensor.LocalResponseNorm</c>.
/// </summary>
/// <param name="size">How many channels a norm sums over.</param>
/// <param name="alpha">The factor of the sum.</param>
/// <param name="beta">The power of the divisor.</param>
/// <param name="k">What is added to the sum.</param>
public sealed class LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"{size}, alpha={ModuleText.Of(alpha)}, beta={ModuleText.Of(beta)}, k={ModuleText.Of(k)}";

    /// <summary>The norm over neighbouring channels.</summary>
    /// <param name="x">Channels in dimension 1, at least three dimensions.</param>
    /// <exception cref="ShapeException">There are fewer.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LocalResponseNorm(size, alpha, beta, k);
    }
}
