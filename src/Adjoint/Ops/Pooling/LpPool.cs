namespace Adjoint;

/// <content>The power mean pools.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The p-th root of the sum of p-th powers of each window (<c>torch.nn.functional.lp_pool1d</c>). This tensor has shape [N, C, L] or [C, L];
    /// reals.
    /// </summary>
    /// <param name="normType">p.</param>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public Tensor LpPool1d(double normType, int kernelSize, PerAxis stride = default, bool ceilMode = false) =>
        PowerMean(Pow(normType).AvgPool1d(kernelSize, stride, 0, ceilMode), kernelSize, normType);

    /// <summary>
    /// The p-th root of the sum of p-th powers of each window (<c>torch.nn.functional.lp_pool2d</c>). This tensor has shape [N, C, H, W] or [C, H,
    /// W];
    /// reals.
    /// </summary>
    /// <param name="normType">p.</param>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public Tensor LpPool2d(double normType, PerAxis kernelSize, PerAxis stride = default, bool ceilMode = false) => PowerMean(
        Pow(normType).AvgPool2d(kernelSize, stride, 0, ceilMode), kernelSize.Three(2, 1, 1, "kernel_size").Aggregate(1.0, (a, b) => a * b), normType);

    /// <summary>
    /// The p-th root of the sum of p-th powers of each window (<c>torch.nn.functional.lp_pool3d</c>). This tensor has shape [N, C, D, H, W] or
    /// [C, D, H, W]; reals.
    /// </summary>
    /// <param name="normType">p.</param>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public Tensor LpPool3d(double normType, PerAxis kernelSize, PerAxis stride = default, bool ceilMode = false) => PowerMean(
        Pow(normType).AvgPool3d(kernelSize, stride, 0, ceilMode), kernelSize.Three(3, 1, 1, "kernel_size").Aggregate(1.0, (a, b) => a * b), normType);

    /// <summary>As PyTorch writes it: a sum below zero, of an odd power, gives zero times its sign.</summary>
    private static Tensor PowerMean(Tensor means, double count, double p) => ((means.Sign() * means.Abs().Relu()) * count).Pow(1 / p);
}
