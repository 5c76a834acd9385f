namespace Adjoint.NN;

/// <summary>The rectifier max(x, 0) as a layer (<c>torch.nn.ReLU</c>).</summary>
public sealed class ReLU : Layer
{
    /// <summary>max(x, 0), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Relu();
    }
}
