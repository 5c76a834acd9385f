namespace Adjoint.NN;

/// <summary>Numbers up to a threshold become a value, as a layer (<c>torch.nn.Threshold</c>); see <c>Tensor.Threshold</c>.</summary>
/// <param name="threshold">Numbers above it stay.</param>
/// <param name="value">What all others become.</param>
public sealed class Threshold(double threshold, double value) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"threshold={ModuleText.Of(threshold)}, value={ModuleText.Of(value)}";

    /// <summary>x above the threshold and the value elsewhere, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Threshold(threshold, value);
    }
}
