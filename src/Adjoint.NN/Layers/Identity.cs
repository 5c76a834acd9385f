namespace Adjoint.NN;

/// <summary>A layer that does nothing, to stand where another was (<c>torch.nn.Identity</c>).</summary>
public sealed class Identity : Layer
{
    /// <summary>The input itself.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x;
    }
}
