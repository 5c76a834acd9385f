namespace Adjoint.NN;

/// <summary>The product of x and its logistic function as a layer (<c>torch.nn.SiLU</c>).</summary>
public sealed class SiLU : Layer
{
    /// <summary>The product of x and its logistic function, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Silu();
    }
}
