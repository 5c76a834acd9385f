namespace Adjoint.NN;

/// <summary>Puts neighbouring pixels into channels, as a layer (<c>torch.nn.PixelUnshuffle</c>); see <c>Tensor.PixelUnshuffle</c>.</summary>
/// <param name="downscaleFactor">How much smaller height and width become.</param>
public sealed class PixelUnshuffle(int downscaleFactor) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings => $"downscale_factor={downscaleFactor}";

    /// <summary>An image whose height and width are smaller, with more channels.</summary>
    /// <param name="x">Of shape [..., C, H r, W r].</param>
    /// <exception cref="ShapeException">Height or width cannot be divided so.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.PixelUnshuffle(downscaleFactor);
    }
}
