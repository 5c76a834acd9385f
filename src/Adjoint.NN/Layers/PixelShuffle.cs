namespace Adjoint.NN;

/// <summary>Puts channels next to each other in the image, as a layer (<c>torch.nn.PixelShuffle</c>); see <c>Tensor.PixelShuffle</c>.</summary>
/// <param name="upscaleFactor">How much larger height and width become.</param>
public sealed class PixelShuffle(int upscaleFactor) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"upscale_factor={upscaleFactor}";

    /// <summary>An image whose height and width are larger, with fewer channels.</summary>
    /// <param name="x">Of shape [..., C r r, H, W].</param>
    /// <exception cref="ShapeException">The channels cannot be divided so.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.PixelShuffle(upscaleFactor);
    }
}
