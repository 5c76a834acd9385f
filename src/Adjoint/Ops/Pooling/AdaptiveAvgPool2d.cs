using Adjoint.Ops.Families;

namespace Adjoint;

/// <content>The average pool over two axes that makes a result of a given size.</content>
public sealed partial class Tensor
{
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
}
