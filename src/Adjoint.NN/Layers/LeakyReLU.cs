namespace Adjoint.NN;

/// <summary>The rectifier that leaks, as a layer (<c>torch.nn.LeakyReLU</c>); see <c>Tensor.LeakyRelu</c>.</summary>
/// <param name="negativeSlope">The slope for negative numbers.</param>
public sealed class LeakyReLU(double negativeSlope = 0.01) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"negative_slope={ModuleText.Of(negativeSlope)}";

    /// <summary>x where it is positive, and x times the slope elsewhere.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LeakyRelu(negativeSlope);
    }
}
