namespace Adjoint;

/// <summary>
/// What PyTorch says where the arguments of a pool are wrong. Its words differ from pool to pool, and the pool over one axis is its own in one place
/// and the one over two axes in another: what is not common stands beside the operator. The order of the checks is PyTorch's as well.
/// </summary>
/// <param name="family">The operator's name without its axes, such as avg_pool.</param>
/// <param name="axes">How many axes it has.</param>
internal abstract class PoolWords(string family, int axes)
{
    public int Axes => axes;

    public string Name { get; } = $"{family}{axes}d";

    /// <summary>The pool over two axes in place of the one over one.</summary>
    protected string NameOfTwo => axes == 1 ? family + "2d" : Name;

    protected string Ranks => $"{axes + 1}D or {axes + 2}D";

    /// <summary>What PyTorch calls the loop that does not take a dtype.</summary>
    protected virtual string Loop => NameOfTwo;

    /// <summary>Whether an axis of size 1 is put in front of a single one before the input is checked.</summary>
    protected virtual bool IsSquare => false;

    /// <summary>Whether an image may have no channels.</summary>
    protected virtual bool TakesNoChannels => false;

    /// <summary>Checks the number of dimensions and that they are not empty, but for the batch, and the dtype.</summary>
    public void CheckInput(Tensor x)
    {
        var shape = Shape.Text(x.Layout.Sizes);
        if (x.Rank != axes + 1 && x.Rank != axes + 2)
        {
            throw new ShapeException(WrongRank(x.Rank, shape));
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"\"{Loop}\" not implemented for '{x.DType.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
        }

        var first = x.Rank - axes - (TakesNoChannels ? 0 : 1);
        var at = x.Layout.Sizes.AsSpan(first).IndexOf(0);
        if (at >= 0)
        {
            var seen = IsSquare ? Shape.Text([.. x.Layout.Sizes[..^1], 1, x.Layout.Sizes[^1]]) : shape;
            throw new ShapeException(Empty(seen, first + at + (IsSquare && first + at == x.Rank - 1 ? 1 : 0)));
        }
    }

    protected virtual string WrongRank(int rank, string shape) => axes == 1
        ? $"Expected 2 to 3 dimensions, but got {rank}-dimensional tensor for argument #1 'self' (while checking arguments for {Name})"
        : $"non-empty {Ranks} (batch mode) tensor expected for input. It has shape {shape}.";

    /// <summary>What is said of an input without elements.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="dim">The dimension of size 0.</param>
    protected abstract string Empty(string shape, int dim);
}

/// <summary>What PyTorch says of a pool whose windows move by a stride.</summary>
/// <param name="family">The operator's name without its axes.</param>
/// <param name="axes">How many axes it has.</param>
internal abstract class SlidingPoolWords(string family, int axes) : PoolWords(family, axes)
{
    private static readonly string[] Kernels = ["kT", "kH", "kW"];
    private static readonly string[] Steps = ["dT", "dH", "dW"];
    private static readonly string[] Gaps = ["dilationT", "dilationH", "dilationW"];

    /// <summary>What is said of a setting with too many or too few numbers.</summary>
    public abstract string WrongCount(string what, int count);

    /// <summary>Checks windows that move by a stride; of three axes those in front are 1.</summary>
    public virtual void CheckWindows(Tensor x, int[] kernel, int[] stride, int[] padding, int[] dilation)
    {
        for (var a = 3 - Axes; a < 3; a++)
        {
            if (stride[a] == 0)
            {
                throw new ShapeException("stride should not be zero. It is the size of a window unless it is given.");
            }

            if (padding[a] < 0)
            {
                throw new ShapeException($"pad must be non-negative, but got pad: {padding[a]}");
            }

            if (padding[a] > (((long)(kernel[a] - 1) * dilation[a]) + 1) / 2)
            {
                throw new ShapeException(
                    $"pad should be at most half of effective kernel size, but got pad={padding[a]}, " +
                    $"kernel_size={kernel[a]} and dilation={dilation[a]}");
            }
        }

        CheckPositive("kernel size", kernel, Kernels);
        CheckPositive("stride", stride, Steps);
        CheckPositive("dilation", dilation, Gaps);
    }

    /// <summary>What is said of a result without elements.</summary>
    public virtual string TooSmall(Tensor x, int[] output)
    {
        var channels = x.Layout.Sizes[x.Rank - Axes - 1];
        var front = Axes == 1 ? "1x" : string.Empty;
        return $"Given input size: ({channels}x{front}{Limits.Joined("x", x.Layout.Sizes[^Axes..])}). Calculated output size: " +
            $"({channels}x{front}{Limits.Joined("x", output[^Axes..])}). Output size is too small. Take a smaller window, or padding:.";
    }

    protected override string Empty(string shape, int dim) => Axes == 3
        ? Empty(Name, shape)
        : $"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}";

    protected static string Empty(string name, string shape) =>
        $"{name}(): Expected input's non-batch dimensions to have positive length, but input has a shape of {shape} and non-batch dimension 0 has " +
        "length zero!";

    /// <summary>That a setting is one number or one for each axis, in the words of the pools over two and three axes.</summary>
    /// <param name="what">The setting.</param>
    /// <param name="isEither">Whether the sentence says "either be".</param>
    /// <param name="count">How many numbers it has.</param>
    protected string OneOrEach(string what, string isEither, int count) =>
        $"{Name}: {what} must {isEither} {(what == "stride" ? "omitted, " : string.Empty)}a single int, or a tuple of " +
        $"{(Axes == 2 ? "two" : "three")} ints. It has {count} numbers.";

    private void CheckPositive(string what, int[] values, string[] names)
    {
        var first = Math.Min(3 - Axes, 1);
        if (values.AsSpan(first).ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException(
                $"{what} should be greater than zero, but got " +
                $"{string.Join(' ', Enumerable.Range(first, 3 - first).Select(a => $"{names[a]}: {values[a]}"))}");
        }
    }
}

/// <summary>What PyTorch says of a pool that makes a result of a given size.</summary>
/// <param name="family">The operator's name without its axes.</param>
/// <param name="axes">How many axes it has.</param>
internal abstract class AdaptivePoolWords(string family, int axes) : PoolWords(family, axes)
{
    protected override string Loop => Axes == 3 ? Name + "_cpu" : NameOfTwo;

    /// <summary>Checks the size that a result shall have; -1 keeps the size of an axis.</summary>
    public void CheckOutput(Tensor x, PerAxis outputSize)
    {
        if (outputSize.Count != 1 && outputSize.Count != Axes)
        {
            throw new ShapeException(Axes == 1
                ? $"{Name}() argument 'output_size' should contain one int (got {outputSize.Count})"
                : $"{WrongCount} must be {Axes}. It has {outputSize.Count} numbers.");
        }

        if (outputSize.Any(size => size < -1))
        {
            int[] sizes =
            [
                .. Enumerable.Repeat(1, Axes == 1 ? 1 : 0),
                .. Enumerable.Range(0, Axes).Select(a => outputSize[outputSize.Count == 1 ? 0 : a]),
            ];
            throw new ShapeException(Negative(x, sizes));
        }
    }

    /// <summary>What begins the sentence about a size with too many or too few numbers.</summary>
    protected abstract string WrongCount { get; }

    /// <summary>What is said of a size below -1.</summary>
    protected abstract string Negative(Tensor x, int[] sizes);

    protected override string Empty(string shape, int dim) =>
        $"{(IsSquare ? NameOfTwo : Name)}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {shape} " +
        $"with dimension {dim} being empty";
}
