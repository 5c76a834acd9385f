namespace Adjoint;

/// <content>The max pool over one, two or three axes.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window (<c>torch.nn.functional.max_pool1d</c>). This tensor has shape [N, C, L] or [C, L]; float32 or
    /// float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor MaxPool1d(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool1dWithIndices(kernelSize, stride, padding, dilation, ceilMode).Output;

    /// <summary>
    /// The largest element of each window, and its position in the flattened channel, int64 (<c>max_pool1d</c> with <c>return_indices</c>). This
    /// tensor has shape [N, C, L] or [C, L]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) MaxPool1dWithIndices(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false)
    {
        var windows = PoolArguments.Sliding(this, kernelSize, stride, padding, dilation, ceilMode, MaxPoolWords.One);
        var (output, indices) = MaxPositions.Run(Unsqueeze(-2), 2, windows, isAdaptive: false);
        return (output.Squeeze(-2), indices.Squeeze(-2));
    }

    /// <summary>
    /// The largest element of each window (<c>torch.nn.functional.max_pool2d</c>). This tensor has shape [N, C, H, W] or [C, H, W]; float32 or
    /// float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor MaxPool2d(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool2dWithIndices(kernelSize, stride, padding, dilation, ceilMode).Output;

    /// <summary>
    /// The largest element of each window, and its position in the flattened channel, int64 (<c>max_pool2d</c> with <c>return_indices</c>). This
    /// tensor has shape [N, C, H, W] or [C, H, W]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) MaxPool2dWithIndices(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPositions.Run(
            this, 2, PoolArguments.Sliding(this, kernelSize, stride, padding, dilation, ceilMode, MaxPoolWords.Two), isAdaptive: false);

    /// <summary>
    /// The largest element of each window (<c>torch.nn.functional.max_pool3d</c>). This tensor has shape [N, C, D, H, W] or [C, D, H, W]; float32 or
    /// float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor MaxPool3d(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPool3dWithIndices(kernelSize, stride, padding, dilation, ceilMode).Output;

    /// <summary>
    /// The largest element of each window, and its position in the flattened channel, int64 (<c>max_pool3d</c> with <c>return_indices</c>). This
    /// tensor has shape [N, C, D, H, W] or [C, D, H, W]; float32 or float64.
    /// </summary>
    /// <param name="kernelSize">The size of a window.</param>
    /// <param name="stride">From one window to the next; the size of a window if not given.</param>
    /// <param name="padding">Minus infinities on both sides of each axis, at most half a window; 0 if not given.</param>
    /// <param name="dilation">From one element of a window to the next; 1 if not given.</param>
    /// <param name="ceilMode">Also take a last window that is not full.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public (Tensor Output, Tensor Indices) MaxPool3dWithIndices(
        PerAxis kernelSize, PerAxis stride = default, PerAxis padding = default, PerAxis dilation = default, bool ceilMode = false) =>
        MaxPositions.Run(
            this, 3, PoolArguments.Sliding(this, kernelSize, stride, padding, dilation, ceilMode, MaxPoolWords.Three), isAdaptive: false);
}

/// <summary>What PyTorch says of a max pool; over one axis it is an operator of its own, with its own words.</summary>
internal sealed class MaxPoolWords(int axes) : SlidingPoolWords("max_pool", axes)
{
    public static readonly MaxPoolWords One = new(1);
    public static readonly MaxPoolWords Two = new(2);
    public static readonly MaxPoolWords Three = new(3);

    protected override string Loop => Axes == 1 ? "max_pool1d_impl" : Name;

    public override string WrongCount(string what, int count) => Axes > 1
        ? OneOrEach(what, what == "dilation" ? "be either" : "either be", count)
        : $"{Name}() {what} must be {(what == "stride" ? "None, " : string.Empty)}an int, list of " +
            $"ints{(what is "stride" or "padding" ? "," : string.Empty)} or tuple of ints of size 1 but got size {count}";

    public override void CheckWindows(Tensor x, int[] kernel, int[] stride, int[] padding, int[] dilation)
    {
        if (Axes == 1)
        {
            CheckOne(kernel[2], stride[2], padding[2], dilation[2]);
            return;
        }

        base.CheckWindows(x, kernel, stride, padding, dilation);
    }

    public override string TooSmall(Tensor x, int[] output) => Axes == 1
        ? $"max_pool1d() Invalid computed output size: {output[2]}. The input has shape {Shape.Text(x.Layout.Sizes)}."
        : base.TooSmall(x, output);

    protected override string WrongRank(int rank, string shape) => Axes == 1 ? NotOne(shape) : base.WrongRank(rank, shape);

    protected override string Empty(string shape, int dim) => Axes switch
    {
        1 => NotOne(shape),
        2 => base.Empty(shape, dim),
        _ => Empty("max_pool3d_with_indices_out_cpu_template", shape),
    };

    private static string NotOne(string shape) =>
        $"max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}";

    private static void CheckOne(int kernel, int stride, int padding, int dilation)
    {
        ThrowIf(kernel <= 0, $"kernel_size must be greater than zero, but got {kernel}");
        ThrowIf(stride <= 0, $"stride must be greater than zero, but got {stride}");
        ThrowIf(padding < 0, $"padding must be non-negative, but got {padding}");
        ThrowIf(
            padding > (((long)(kernel - 1) * Math.Max(dilation, 1)) + 1) / 2,
            $"padding should be at most half of kernel size, but got padding={padding} and kernel_size={kernel}");
        ThrowIf(dilation <= 0, $"dilation must be greater than zero, but got {dilation}");

        static void ThrowIf(bool isWrong, string message)
        {
            if (isWrong)
            {
                throw new ShapeException("max_pool1d() " + message);
            }
        }
    }
}
