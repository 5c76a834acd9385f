namespace Adjoint.NN;

/// <summary>x / (1 + |x|) as a layer (<c>torch.nn.Softsign</c>).</summary>
public sealed class Softsign : Layer
{
    /// <summary>x / (1 + |x|), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Softsign();
    }
}
