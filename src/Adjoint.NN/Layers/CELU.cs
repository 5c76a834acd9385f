namespace Adjoint.NN;

/// <summary>The exponential linear unit with a smooth bend for every alpha, as a layer (<c>torch.nn.CELU</c>); see <c>Tensor.Celu</c>.</summary>
/// <param name="alpha">Minus the limit for large negative numbers; not 0.</param>
public sealed class CELU(double alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"alpha={ModuleText.Of(alpha)}";

    /// <summary>x where it is positive, and alpha (e^(x / alpha) - 1) elsewhere.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Celu(alpha);
    }
}
