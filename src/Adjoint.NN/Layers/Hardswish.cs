namespace Adjoint.NN;

/// <summary>SiLU in straight lines, as a layer (<c>torch.nn.Hardswish</c>).</summary>
public sealed class Hardswish : Layer
{
    /// <summary>x min(max(x + 3, 0), 6) / 6, element by element.</summary>
    /// <param name="x">Of any shape.</param>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Hardswish();
    }
}
