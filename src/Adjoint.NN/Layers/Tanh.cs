namespace Adjoint.NN;

/// <summary>The hyperbolic tangent as a layer (<c>torch.nn.Tanh</c>).</summary>
public sealed class Tanh : Layer
{
    /// <summary>The hyperbolic tangent, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Tanh();
    }
}
