using Adjoint.Ops.Families;

namespace Adjoint;

/// <content>The average pool over one axis.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The mean of each window (<c>torch.nn.functional.avg_pool1d</c>). This tensor has shape [N, C, L] or [C, L]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Zeros on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <param name="countIncludePad">Whether those zeros count as elements.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AvgPool1d(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, bool ceilMode = false, bool countIncludePad = true)
    {
        var windows = PoolArguments.Sliding(this, kernelSize, stride, padding, default, ceilMode, 1, "avg_pool1d");
        return Op.Linear(new WindowMean(new(2, windows, countIncludePad, null, "AvgPool2DBackward0")), Unsqueeze(-2)).Squeeze(-2);
    }
}
