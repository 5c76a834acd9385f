namespace Adjoint;

/// <content>The max pool over one axis that makes a result of a given size.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest elements of windows that share the image evenly (<c>torch.nn.functional.adaptive_max_pool1d</c>). This tensor has shape
    /// [N, C, L] or [C, L]; float32 or float64.
    /// </summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AdaptiveMaxPool1d(PerAxis outputSize) => AdaptiveMaxPool1dWithIndices(outputSize).Output;

    /// <summary>The same, and the position of each in its flattened channel, int64.</summary>
    /// <param name="outputSize">The sizes of the result; -1 keeps the size of an axis.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) AdaptiveMaxPool1dWithIndices(PerAxis outputSize)
    {
        var windows = PoolArguments.Adaptive(this, outputSize, 1, "adaptive_max_pool1d");
        var (output, indices) = MaxPositions.Run(Unsqueeze(-2), 2, windows, "AdaptiveMaxPool2DBackward0");
        return (output.Squeeze(-2), indices.Squeeze(-2));
    }
}
