namespace Adjoint.NN;

/// <summary>Everything comes nearer to 0, as a layer (<c>torch.nn.Softshrink</c>); see <c>Tensor.Softshrink</c>.</summary>
/// <param name="lambd">How much nearer to 0 everything comes.</param>
public sealed class Softshrink(double lambd = 0.5) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"{ModuleText.Of(lambd)}";

    /// <summary>x - lambd above lambd, x + lambd below -lambd, and 0 between, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">lambd is negative.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Softshrink(lambd);
    }
}
