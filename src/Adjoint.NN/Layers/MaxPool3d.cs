namespace Adjoint.NN;

/// <summary>A max pool over three axes (<c>torch.nn.MaxPool3d</c>); see <c>Tensor.MaxPool3d</c>.</summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">Minus infinities around images; 0 if not given.</param>
/// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
public sealed class MaxPool3d(
    PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={ModuleText.Of(kernelSize)}, stride={ModuleText.Of(stride.IsGiven ? stride : kernelSize)}, " +
        $"padding={ModuleText.Of(padding, 0)}, dilation={ModuleText.Of(dilation, 1)}, ceil_mode={ModuleText.Of(ceilMode)}";

    /// <summary>The largest element of each window.</summary>
    /// <param name="x">Of shape [N, C, D, H, W] or [C, D, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.MaxPool3d(kernelSize, stride, padding, dilation, ceilMode);
    }
}
