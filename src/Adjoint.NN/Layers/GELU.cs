namespace Adjoint.NN;

/// <summary>The Gaussian error linear unit as a layer (<c>torch.nn.GELU</c>); see <c>Tensor.Gelu</c>.</summary>
public sealed class GELU : Layer
{
    private readonly string _approximate;

    /// <summary>Makes the layer.</summary>
    /// <param name="approximate"><c>none</c>, or <c>tanh</c> for the approximation by it.</param>
    /// <exception cref="ArgumentException">Another approximation.</exception>
    public GELU(string approximate = "none")
    {
        if (approximate is not ("none" or "tanh"))
        {
            throw new ArgumentException($"approximate argument must be either none or tanh. Got '{approximate}'.", nameof(approximate));
        }

        _approximate = approximate;
    }

    /// <inheritdoc/>
    protected internal override string Settings => $"approximate='{_approximate}'";

    /// <summary>x times the normal distribution function of x, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Gelu(_approximate);
    }
}
