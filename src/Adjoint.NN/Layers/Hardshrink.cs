namespace Adjoint.NN;

/// <summary>Numbers near 0 become 0, as a layer (<c>torch.nn.Hardshrink</c>); see <c>Tensor.Hardshrink</c>.</summary>
/// <param name="lambd">Half the width of the range that becomes 0.</param>
public sealed class Hardshrink(double lambd = 0.5) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"{ModuleText.Of(lambd)}";

    /// <summary>x, and 0 from -lambd to lambd, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Hardshrink(lambd);
    }
}
