using Adjoint.Families;

namespace Adjoint;

/// <content>The average pool over one, two or three axes.</content>
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
        var windows = PoolArguments.Sliding(this, kernelSize, stride, padding, default, ceilMode, AvgPoolWords.One);
        return Op.Linear(new WindowMean(new(2, windows, countIncludePad, null, IsAdaptive: false)), Unsqueeze(-2)).Squeeze(-2);
    }

    /// <summary>
    /// The mean of each window (<c>torch.nn.functional.avg_pool2d</c>). This tensor has shape [N, C, H, W] or [C, H, W]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Zeros on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <param name="countIncludePad">Whether those zeros count as elements.</param>
    /// <param name="divisorOverride">What to divide sums by instead of the number of elements.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AvgPool2d(
        PerAxis kernelSize,
        PerAxis stride = default,
        PerAxis padding = default,
        bool ceilMode = false,
        bool countIncludePad = true,
        int? divisorOverride = null) =>
        Op.Linear(
            new WindowMean(new(
                2, PoolArguments.Sliding(this, kernelSize, stride, padding, default, ceilMode, AvgPoolWords.Two), countIncludePad,
                PoolArguments.Divisor(divisorOverride), IsAdaptive: false)),
            this);

    /// <summary>
    /// The mean of each window (<c>torch.nn.functional.avg_pool3d</c>). This tensor has shape [N, C, D, H, W] or [C, D, H, W]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Zeros on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <param name="countIncludePad">Whether those zeros count as elements.</param>
    /// <param name="divisorOverride">What to divide sums by instead of the number of elements.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AvgPool3d(
        PerAxis kernelSize,
        PerAxis stride = default,
        PerAxis padding = default,
        bool ceilMode = false,
        bool countIncludePad = true,
        int? divisorOverride = null) =>
        Op.Linear(
            new WindowMean(new(
                3, PoolArguments.Sliding(this, kernelSize, stride, padding, default, ceilMode, AvgPoolWords.Three), countIncludePad,
                PoolArguments.Divisor(divisorOverride), IsAdaptive: false)),
            this);
}

/// <summary>What PyTorch says of an average pool.</summary>
internal sealed class AvgPoolWords(int axes) : SlidingPoolWords("avg_pool", axes)
{
    public static readonly AvgPoolWords One = new(1);
    public static readonly AvgPoolWords Two = new(2);
    public static readonly AvgPoolWords Three = new(3);

    protected override string Loop => Axes == 3 ? "avg_pool3d_out_frame" : NameOfTwo;

    protected override bool IsSquare => Axes == 1;

    public override string WrongCount(string what, int count) => Axes switch
    {
        1 => $"{Name}() argument '{what}' should contain one int (got {count})",
        2 => OneOrEach(what, what == "dilation" ? "be either" : "either be", count),
        _ => OneOrEach(what, "be", count),
    };

    public override void CheckWindows(Tensor x, int[] kernel, int[] stride, int[] padding, int[] dilation)
    {
        base.CheckWindows(x, kernel, stride, padding, dilation);
        var sizes = x.Layout.Sizes;

        // Padding or not.
        if (Axes == 3 && (sizes[^3] < kernel[0] || sizes[^2] < kernel[1] || sizes[^1] < kernel[2]))
        {
            throw new ShapeException(
                $"input image (T: {sizes[^3]} H: {sizes[^2]} W: {sizes[^1]}) smaller than " +
                $"kernel size (kT: {kernel[0]} kH: {kernel[1]} kW: {kernel[2]})");
        }
    }

    protected override string WrongRank(int rank, string shape) => Axes == 2
        ? $"Expected {Ranks} (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}"
        : base.WrongRank(rank, shape);
}
