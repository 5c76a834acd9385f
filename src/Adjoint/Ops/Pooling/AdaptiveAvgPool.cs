using Adjoint.Ops.Families;

namespace Adjoint;

/// <content>The average pool that makes a result of a given size, over one, two or three axes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The means of windows that share the image evenly (<c>torch.nn.functional.adaptive_avg_pool1d</c>). This tensor has shape [N, C, L] or
    /// [C, L]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveAvgPool1d(PerAxis outputSize)
    {
        var windows = PoolArguments.Adaptive(this, outputSize, 1, "adaptive_avg_pool1d");
        return Op.Linear(new WindowMean(new(2, windows, false, null, "AdaptiveAvgPool2DBackward0")), Unsqueeze(-2)).Squeeze(-2);
    }

    /// <summary>
    /// The means of windows that share the image evenly (<c>torch.nn.functional.adaptive_avg_pool2d</c>). This tensor has shape [N, C, H, W] or
    /// [C, H, W]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveAvgPool2d(PerAxis outputSize)
    {
        var windows = PoolArguments.Adaptive(this, outputSize, 2, "adaptive_avg_pool2d");

        // One window over everything is a mean, and PyTorch records it as one.
        return windows.All(window => window.Out == 1)
            ? Mean([-2, -1], keepDim: true)
            : Op.Linear(new WindowMean(new(2, windows, false, null, "AdaptiveAvgPool2DBackward0")), this);
    }

    /// <summary>
    /// The means of windows that share the image evenly (<c>torch.nn.functional.adaptive_avg_pool3d</c>). This tensor has shape [N, C, D, H, W] or
    /// [C, D, H, W]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveAvgPool3d(PerAxis outputSize)
    {
        var windows = PoolArguments.Adaptive(this, outputSize, 3, "adaptive_avg_pool3d");

        // One window over everything is a mean, and PyTorch records it as one.
        return windows.All(window => window.Out == 1)
            ? Mean([-3, -2, -1], keepDim: true)
            : Op.Linear(new WindowMean(new(3, windows, false, null, "AdaptiveAvgPool3DBackward0")), this);
    }
}
