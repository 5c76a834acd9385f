namespace Adjoint.NN;

/// <summary>An average pool over three axes (<c>torch.nn.AvgPool3d</c>); see <c>Tensor.AvgPool3d</c>.</summary>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="padding">Zeros around images; 0 if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
/// <param name="countIncludePad">Whether those zeros count as elements.</param>
/// <param name="divisorOverride">What to divide sums by instead of the number of elements.</param>
public sealed class AvgPool3d(
    PerAxis kernelSize,
    PerAxis stride = default,
    PerAxis padding = default,
    bool ceilMode = false,
    bool countIncludePad = true,
    int? divisorOverride = null) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"kernel_size={ModuleText.Of(kernelSize)}, stride={ModuleText.Of(stride.IsGiven ? stride : kernelSize)}, " +
        $"padding={ModuleText.Of(padding, 0)}";

    /// <summary>The mean of each window.</summary>
    /// <param name="x">Of shape [N, C, D, H, W] or [C, D, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.AvgPool3d(kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
    }
}
