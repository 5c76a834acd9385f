namespace Adjoint;

/// <content>The max pool that makes a result of a given size, over one, two or three axes.</content>
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
        var windows = PoolArguments.Adaptive(this, outputSize, AdaptiveMaxPoolWords.One);
        var (output, indices) = MaxPositions.Run(Unsqueeze(-2), 2, windows, isAdaptive: true);
        return (output.Squeeze(-2), indices.Squeeze(-2));
    }

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
        MaxPositions.Run(this, 2, PoolArguments.Adaptive(this, outputSize, AdaptiveMaxPoolWords.Two), isAdaptive: true);

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
        MaxPositions.Run(this, 3, PoolArguments.Adaptive(this, outputSize, AdaptiveMaxPoolWords.Three), isAdaptive: true);
}

/// <summary>What PyTorch says of a max pool that makes a result of a given size.</summary>
internal sealed class AdaptiveMaxPoolWords(int axes) : AdaptivePoolWords("adaptive_max_pool", axes)
{
    public static readonly AdaptiveMaxPoolWords One = new(1);
    public static readonly AdaptiveMaxPoolWords Two = new(2);
    public static readonly AdaptiveMaxPoolWords Three = new(3);

    protected override string WrongCount => $"{Name}(): internal error: output_size.size()";

    protected override string WrongRank(int rank, string shape) =>
        Axes == 1 ? base.WrongRank(rank, shape) : $"{Name}(): Expected {Ranks} tensor, but got: {shape}";

    protected override string Negative(Tensor x, int[] sizes) =>
        $"Trying to create tensor with negative dimension {sizes.First(size => size < -1)}: {Shape.Text([.. x.Layout.Sizes[..^Axes], .. sizes])}";
}
