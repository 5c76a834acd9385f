using Adjoint.Families;

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
        var windows = PoolArguments.Adaptive(this, outputSize, AdaptiveAvgPoolWords.One);
        return Op.Linear(new WindowMean(new(2, windows, false, null, IsAdaptive: true)), Unsqueeze(-2)).Squeeze(-2);
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
        var windows = PoolArguments.Adaptive(this, outputSize, AdaptiveAvgPoolWords.Two);

        // One window over everything is a mean, and PyTorch records it as one.
        return windows.All(window => window.Out == 1)
            ? Mean([-2, -1], keepDim: true)
            : Op.Linear(new WindowMean(new(2, windows, false, null, IsAdaptive: true)), this);
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
        var windows = PoolArguments.Adaptive(this, outputSize, AdaptiveAvgPoolWords.Three);

        // One window over everything is a mean, and PyTorch records it as one.
        return windows.All(window => window.Out == 1)
            ? Mean([-3, -2, -1], keepDim: true)
            : Op.Linear(new WindowMean(new(3, windows, false, null, IsAdaptive: true)), this);
    }
}

/// <summary>What PyTorch says of an average pool that makes a result of a given size.</summary>
internal sealed class AdaptiveAvgPoolWords(int axes) : AdaptivePoolWords("adaptive_avg_pool", axes)
{
    public static readonly AdaptiveAvgPoolWords One = new(1);
    public static readonly AdaptiveAvgPoolWords Two = new(2);
    public static readonly AdaptiveAvgPoolWords Three = new(3);

    protected override bool IsSquare => Axes == 1;

    protected override bool TakesNoChannels => Axes < 3;

    protected override string WrongCount => $"{Name}: output_size";

    protected override string WrongRank(int rank, string shape) =>
        Axes == 1 ? base.WrongRank(rank, shape) : $"{Name}(): Expected {Ranks} tensor, but got {shape}";

    protected override string Negative(Tensor x, int[] sizes) =>
        $"{NameOfTwo}: elements of output_size must be greater than or equal to 0 but received " +
        (Axes == 3 ? $"{{{sizes[0]}, {sizes[1]},{sizes[2]}}}" : $"{{{sizes[0]}, {sizes[1]}}}") + ". Only -1 keeps the size of an axis.";
}
