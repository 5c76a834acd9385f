namespace Adjoint;

/// <content>The max pool over three axes that makes a result of a given size.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest elements of windows that share the image evenly (<c>torch.nn.functional.adaptive_max_pool3d</c>). This tensor has shape
    /// [N, C, D, H, W] or [C, D, H, W]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveMaxPool3d(PerAxis outputSize) => AdaptiveMaxPool3dWithIndices(outputSize).Output;

    /// <summary>The same, and the position of each in its flattened channel, int64.</summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) AdaptiveMaxPool3dWithIndices(PerAxis outputSize) =>
        MaxPositions.Run(this, 3, PoolArguments.Adaptive(this, outputSize, 3, "adaptive_max_pool3d"), "AdaptiveMaxPool3DBackward0");
}
