namespace Adjoint.NN;

/// <summary>The rectifier limited to 6, as a layer (<c>torch.nn.ReLU6</c>).</summary>
public sealed class ReLU6 : Layer
{
    /// <summary>min(max(x, 0), 6), element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Relu6();
    }
}
