namespace Adjoint.NN;

/// <summary>The exponential linear unit as a layer (<c>torch.nn.ELU</c>); see <c>Tensor.Elu</c>.</summary>
/// <param name="alpha">Minus the limit for large negative numbers.</param>
public sealed class ELU(double alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"alpha={ModuleText.Of(alpha)}";

    /// <summary>x where it is positive, and alpha (e^x - 1) elsewhere.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Elu(alpha);
    }
}
