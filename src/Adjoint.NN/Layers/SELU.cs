namespace Adjoint.NN;

/// <summary>The exponential linear unit that keeps mean and variance, as a layer (<c>torch.nn.SELU</c>).</summary>
public sealed class SELU : Layer
{
    /// <summary>The self-normalising linear unit, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Selu();
    }
}
