namespace Adjoint.NN;

/// <summary>The logarithm of the logistic function, as a layer (<c>torch.nn.LogSigmoid</c>).</summary>
public sealed class LogSigmoid : Layer
{
    /// <summary>log(1 / (1 + e^-x)), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LogSigmoid();
    }
}
