namespace Adjoint.NN;

/// <summary>What the hyperbolic tangent takes away, as a layer (<c>torch.nn.Tanhshrink</c>); see <c>Tensor.Tanhshrink</c>.</summary>
public sealed class Tanhshrink : Layer
{
    /// <summary>x - tanh(x), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Tanhshrink();
    }
}
