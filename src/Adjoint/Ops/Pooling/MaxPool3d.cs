namespace Adjoint;

/// <content>The max pool over three axes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window (<c>torch.nn.functional.max_pool3d</c>). This tensor has shape [N, C, D, H, W] or [C, D, H, W]; float32 or
    /// float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor MaxPool3d(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool3dWithIndices(kernelSize, stride, padding, dilation, ceilMode).Output;

    /// <summary>
    /// The largest element of each window, and its position in the flattened channel, int64 (<c>max_pool3d</c> with <c>return_indices</c>). This
    /// tensor has shape [N, C, D, H, W] or [C, D, H, W]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) MaxPool3dWithIndices(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPositions.Run(
            this, 3, PoolArguments.Sliding(this, kernelSize, stride, padding, dilation, ceilMode, 3, "max_pool3d"), "MaxPool3DWithIndicesBackward0");
}
