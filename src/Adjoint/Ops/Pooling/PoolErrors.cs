namespace Adjoint;

/// <summary>
/// PyTorch's messages for pools, which differ from pool to pool: the pool over one axis is its own in one place and the one over two axes in another. The
/// order of the checks is PyTorch's as well.
/// </summary>
internal static class PoolErrors
{
    private static readonly string[] Words = ["", "one int", "two ints", "three ints"];
    private static readonly string[] Kernels = ["kT", "kH", "kW"];
    private static readonly string[] Steps = ["dT", "dH", "dW"];
    private static readonly string[] Gaps = ["dilationT", "dilationH", "dilationW"];

    /// <summary>Checks the number of dimensions and that they are not empty, but for the batch, and the dtype.</summary>
    public static void CheckInput(Tensor x, int axes, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        var shape = Shape.Text(x.Layout.Sizes);
        var ranks = $"{axes + 1}D or {axes + 2}D";
        if (x.Rank != axes + 1 && x.Rank != axes + 2)
        {
            throw new ShapeException((name, axes) switch
            {
                ("max_pool1d", _) => $"max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}",
                (_, 1) => $"Expected 2 to 3 dimensions, but got {x.Rank}-dimensional tensor for argument #1 'self' (while checking arguments for {name})",
                ("avg_pool2d", _) => $"Expected {ranks} (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}",
                _ when name.StartsWith("adaptive_avg", StringComparison.Ordinal) => $"{name}(): Expected {ranks} tensor, but got {shape}",
                _ when name.StartsWith("adaptive_max", StringComparison.Ordinal) => $"{name}(): Expected {ranks} tensor, but got: {shape}",
                _ => $"non-empty {ranks} (batch mode) tensor expected for input. It has shape {shape}.",
            });
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"\"{Loop(axes, name)}\" not implemented for '{x.DType.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
        }

        CheckNotEmpty(x, axes, name, shape);
    }

    /// <summary>Checks how many numbers a setting has.</summary>
    public static void CheckCount(PerAxis values, string what, int axes, string name)
    {
        if (values.Count <= 1 || values.Count == axes)
        {
            return;
        }

        var (isStride, isAverage) = (what == "stride", name.StartsWith("avg", StringComparison.Ordinal));
        throw new ShapeException((isAverage, axes) switch
        {
            (true, 1) => $"{name}() argument '{what}' should contain one int (got {values.Count})",
            (false, 1) => $"{name}() {what} must be {(isStride ? "None, " : string.Empty)}an int, list of ints{(what is "stride" or "padding" ? "," : string.Empty)} " +
                $"or tuple of ints of size 1 but got size {values.Count}",
            (true, 3) => $"{name}: {what} must be {(isStride ? "omitted, " : string.Empty)}a single int, or a tuple of three ints. It has {values.Count} numbers.",
            _ => $"{name}: {what} must {(what == "dilation" ? "be either" : "either be")} {(isStride ? "omitted, " : string.Empty)}a single int, or a tuple of " +
                $"{Words[axes]}. It has {values.Count} numbers.",
        });
    }

    /// <summary>Checks windows that move by a stride; of three axes those in front are 1.</summary>
    public static void CheckWindows(int[] kernel, int[] stride, int[] padding, int[] dilation, int axes, string name)
    {
        if (name == "max_pool1d")
        {
            CheckOne(kernel[2], stride[2], padding[2], dilation[2]);
            return;
        }

        for (var a = 3 - axes; a < 3; a++)
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
                    $"pad should be at most half of effective kernel size, but got pad={padding[a]}, kernel_size={kernel[a]} and dilation={dilation[a]}");
            }
        }

        CheckPositive("kernel size", kernel, Kernels, axes);
        CheckPositive("stride", stride, Steps, axes);
        CheckPositive("dilation", dilation, Gaps, axes);
    }

    /// <summary>What is said of a result without elements.</summary>
    public static ShapeException TooSmall(Tensor x, int[] output, int axes, string name)
    {
        if (name == "max_pool1d")
        {
            return new($"max_pool1d() Invalid computed output size: {output[2]}. The input has shape {Shape.Text(x.Layout.Sizes)}.");
        }

        var channels = x.Layout.Sizes[x.Rank - axes - 1];
        var front = axes == 1 ? "1x" : string.Empty;
        return new(
            $"Given input size: ({channels}x{front}{Limits.Joined("x", x.Layout.Sizes[^axes..])}). Calculated output size: " +
            $"({channels}x{front}{Limits.Joined("x", output[^axes..])}). Output size is too small");
    }

    /// <summary>What PyTorch asks of the average pool over three axes, padding or not.</summary>
    public static void CheckCovers(Tensor x, int[] kernel)
    {
        var sizes = x.Layout.Sizes[^3..];
        if (sizes[0] < kernel[0] || sizes[1] < kernel[1] || sizes[2] < kernel[2])
        {
            throw new ShapeException(
                $"input image (T: {sizes[0]} H: {sizes[1]} W: {sizes[2]}) smaller than kernel size (kT: {kernel[0]} kH: {kernel[1]} kW: {kernel[2]})");
        }
    }

    /// <summary>Checks the size that a result shall have; -1 keeps the size of an axis.</summary>
    public static void CheckOutput(Tensor x, PerAxis outputSize, int axes, string name)
    {
        var isMax = name.StartsWith("adaptive_max", StringComparison.Ordinal);
        if (outputSize.Count != 1 && outputSize.Count != axes)
        {
            throw new ShapeException(
                axes == 1 ? $"{name}() argument 'output_size' should contain one int (got {outputSize.Count})"
                : isMax ? $"{name}(): internal error: output_size.size() must be {axes}. It has {outputSize.Count} numbers."
                : $"{name}: output_size must be {axes}. It has {outputSize.Count} numbers.");
        }

        if (!outputSize.Any(size => size < -1))
        {
            return;
        }

        int[] sizes = [.. Enumerable.Repeat(1, axes == 1 ? 1 : 0), .. Enumerable.Range(0, axes).Select(a => outputSize[outputSize.Count == 1 ? 0 : a])];
        throw new ShapeException(isMax
            ? $"Trying to create tensor with negative dimension {sizes.First(size => size < -1)}: " +
                Shape.Text([.. x.Layout.Sizes[..^axes], .. sizes])
            : $"{TwoAxes(axes, name)}: elements of output_size must be greater than or equal to 0 but received " +
                (axes == 3 ? $"{{{sizes[0]}, {sizes[1]},{sizes[2]}}}" : $"{{{sizes[0]}, {sizes[1]}}}") + ". Only -1 keeps the size of an axis.");
    }

    private static void CheckNotEmpty(Tensor x, int axes, string name, string shape)
    {
        var isAdaptive = name.StartsWith("adaptive", StringComparison.Ordinal);

        // Averages that adapt over one or two axes do not mind an image without channels.
        var first = x.Rank - axes - (isAdaptive && axes < 3 && name.StartsWith("adaptive_avg", StringComparison.Ordinal) ? 0 : 1);
        var at = x.Layout.Sizes.AsSpan(first).IndexOf(0);
        if (at < 0)
        {
            return;
        }

        // PyTorch runs the pools over one axis with an axis of size 1 in front, but for those that pick the largest.
        var isSquare = axes == 1 && name is "avg_pool1d" or "adaptive_avg_pool1d";
        var seen = isSquare ? Shape.Text([.. x.Layout.Sizes[..^1], 1, x.Layout.Sizes[^1]]) : shape;
        var dim = first + at + (isSquare && first + at == x.Rank - 1 ? 1 : 0);
        throw new ShapeException(
            isAdaptive ? $"{(isSquare ? TwoAxes(axes, name) : name)}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {seen} " +
                $"with dimension {dim} being empty"
            : axes == 3 ? $"{(name == "max_pool3d" ? "max_pool3d_with_indices_out_cpu_template" : name)}(): Expected input's non-batch dimensions to have positive " +
                $"length, but input has a shape of {shape} and non-batch dimension 0 has length zero!"
            : name == "max_pool1d" ? $"max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{shape}"
            : $"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{seen}");
    }

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

    private static void CheckPositive(string what, int[] values, string[] names, int axes)
    {
        var first = Math.Min(3 - axes, 1);
        if (values.AsSpan(first).ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException(
                $"{what} should be greater than zero, but got {string.Join(' ', Enumerable.Range(first, 3 - first).Select(a => $"{names[a]}: {values[a]}"))}");
        }
    }

    /// <summary>What PyTorch calls the loop that does not take a dtype.</summary>
    private static string Loop(int axes, string name) => (name, axes) switch
    {
        ("max_pool1d", _) => "max_pool1d_impl",
        ("avg_pool3d", _) => "avg_pool3d_out_frame",
        (_, 3) when name.StartsWith("adaptive", StringComparison.Ordinal) => name + "_cpu",
        _ => TwoAxes(axes, name),
    };

    /// <summary>The pool over two axes in place of the one over one.</summary>
    private static string TwoAxes(int axes, string name) => axes == 1 ? name.Replace("1d", "2d", StringComparison.Ordinal) : name;
}
