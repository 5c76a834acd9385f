namespace Adjoint.NN;

/// <summary>The windows of images as columns (<c>torch.nn.Unfold</c>); see <c>Tensor.Im2Col</c>.</summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
/// <param name="padding">Zeros around images; 0 if not given.</param>
/// <param name="stride">From one window to the next; 1 if not given.</param>
public sealed class Unfold(PerAxis kernelSize, PerAxis dilation = default, PerAxis padding = default, PerAxis stride = default) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={ModuleText.Of(kernelSize)}, dilation={ModuleText.Of(dilation, 1)}, padding={ModuleText.Of(padding)}, " +
        $"stride={ModuleText.Of(stride, 1)}";

    /// <summary>The windows, of shape [N, C kernel, windows].</summary>
    /// <param name="x">Of shape [N, C, H, W] or [C, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Im2Col(kernelSize, dilation, padding, stride);
    }
}
