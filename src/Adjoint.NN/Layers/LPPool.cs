namespace Adjoint.NN;

/// <summary>The p-norms of windows over one axis (<c>torch.nn.LPPool1d</c>); see <c>Tensor.LpPool1d</c>.</summary>
/// <param name="normType">The p of the norm.</param>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
public sealed class LPPool1d(double normType, int kernelSize, PerAxis stride = default, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"norm_type={ModuleText.Of(normType)}, kernel_size={kernelSize}, " +
        $"stride={(stride.IsGiven ? ModuleText.Of(stride) : "None")}, ceil_mode={ModuleText.Of(ceilMode)}";

    /// <summary>The norm of each window.</summary>
    /// <param name="x">Of shape [N, C, L] or [C, L].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LpPool1d(normType, kernelSize, stride, ceilMode);
    }
}

/// <summary>The p-norms of windows over two axes (<c>torch.nn.LPPool2d</c>); see <c>Tensor.LpPool2d</c>.</summary>
/// <param name="normType">The p of the norm.</param>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
public sealed class LPPool2d(double normType, PerAxis kernelSize, PerAxis stride = default, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"norm_type={ModuleText.Of(normType)}, kernel_size={ModuleText.Of(kernelSize)}, " +
        $"stride={(stride.IsGiven ? ModuleText.Of(stride) : "None")}, ceil_mode={ModuleText.Of(ceilMode)}";

    /// <summary>The norm of each window.</summary>
    /// <param name="x">Of shape [N, C, H, W] or [C, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LpPool2d(normType, kernelSize, stride, ceilMode);
    }
}

/// <summary>The p-norms of windows over three axes (<c>torch.nn.LPPool3d</c>); see <c>Tensor.LpPool3d</c>.</summary>
/// <param name="normType">The p of the norm.</param>
/// <param name="kernelSize">The size of a window.</param>
/// <param name="stride">From one window to the next; the size of a window if not given.</param>
/// <param name="ceilMode">Also take a last window that is not full.</param>
public sealed class LPPool3d(double normType, PerAxis kernelSize, PerAxis stride = default, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected internal override string Settings =>
        $"norm_type={ModuleText.Of(normType)}, kernel_size={ModuleText.Of(kernelSize)}, " +
        $"stride={(stride.IsGiven ? ModuleText.Of(stride) : "None")}, ceil_mode={ModuleText.Of(ceilMode)}";

    /// <summary>The norm of each window.</summary>
    /// <param name="x">Of shape [N, C, D, H, W] or [C, D, H, W].</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LpPool3d(normType, kernelSize, stride, ceilMode);
    }
}
