namespace Adjoint.NN;

/// <summary>The rectifier that leaks at random as a layer (<c>torch.nn.RReLU</c>); see <c>Tensor.Rrelu</c>.</summary>
/// <param name="lower">The least slope for negative numbers.</param>
/// <param name="upper">The largest slope.</param>
public sealed class RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"lower={ModuleText.Of(lower)}, upper={ModuleText.Of(upper)}";

    /// <summary>In training a slope is drawn for each negative element; in evaluation it is the mean of the bounds.</summary>
    /// <param name="x">Of any shape.</param>
    /// <exception cref="ArgumentException">The largest slope is less than the least.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rrelu(lower, upper, Training);
    }
}
