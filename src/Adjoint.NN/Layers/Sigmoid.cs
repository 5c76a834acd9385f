namespace Adjoint.NN;

/// <summary>The logistic function 1 / (1 + exp(-x)) as a layer (<c>torch.nn.Sigmoid</c>).</summary>
public sealed class Sigmoid : Layer
{
    /// <summary>The logistic function 1 / (1 + exp(-x)), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Sigmoid();
    }
}
