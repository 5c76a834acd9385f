namespace Adjoint;

/// <content>The max pool over two axes that makes a result of a given size.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest elements of windows that share the image evenly (<c>torch.nn.functional.adaptive_max_pool2d</c>). This tensor has shape
    /// [N, C, H, W] or [C, H, W]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveMaxPool2d(PerAxis outputSize) => AdaptiveMaxPool2dWithIndices(outputSize).Output;

    /// <summary>The same, and the position of each in its flattened channel, int64.</summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) AdaptiveMaxPool2dWithIndices(PerAxis outputSize) =>
        MaxPositions.Run(this, 2, PoolArguments.Adaptive(this, outputSize, 2, "adaptive_max_pool2d"), "AdaptiveMaxPool2DBackward0");
}
