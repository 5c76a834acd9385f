namespace Adjoint.NN;

/// <summary>The softmax over the channels of each pixel (<c>torch.nn.Softmax2d</c>).</summary>
public sealed class Softmax2d : Layer
{
    /// <summary>The softmax along the third dimension from the end.</summary>
    /// <param name="x">Of shape [N, C, H, W] or [C, H, W].</param>
    /// <exception cref="ShapeException">The shape is another.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank is 3 or 4 ? x.Softmax(-3) : throw new ShapeException($"Softmax2d: expected input to be 3D or 4D, got {x.Rank}D instead");
    }
}
