namespace Adjoint.NN;

/// <summary>x tanh(log(1 + e^x)) as a layer (<c>torch.nn.Mish</c>).</summary>
public sealed class Mish : Layer
{
    /// <summary>x tanh(log(1 + e^x)), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Mish();
    }
}
