namespace Adjoint.Kernels;

/// <summary>
/// The windows of a pool along one axis: output i sees inputs from <see cref="Starts"/> to before <see cref="Ends"/>,
/// every <see cref="Step"/>-th of them.
/// </summary>
/// <param name="In">The number of inputs.</param>
/// <param name="Starts">The first input of each window.</param>
/// <param name="Ends">The end of each window.</param>
/// <param name="Sizes">The size of each window, padding included.</param>
/// <param name="Step">From one input of a window to the next.</param>
internal sealed record PoolAxis(int In, int[] Starts, int[] Ends, int[] Sizes, int Step)
{
    /// <summary>The number of outputs.</summary>
    public int Out => Starts.Length;

    /// <summary>From the first input of a window to that of the next, for the windows of <see cref="FirstWhole"/>.</summary>
    public int Stride { get; private init; } = 1;

    /// <summary>The size of windows that move by a stride; null for those that share the axis.</summary>
    public int? Kernel { get; private init; }

    /// <summary>The zeros around the axis.</summary>
    public int Padding { get; private init; }

    /// <summary>The first window that no end of the axis cuts, and whose neighbours are like it.</summary>
    public int FirstWhole { get; private init; }

    /// <summary>The end of the windows like <see cref="FirstWhole"/>.</summary>
    public int EndWhole { get; private init; }

    /// <summary>Windows of one size that move by a stride over an axis with padding.</summary>
    public static PoolAxis Sliding(int input, int output, int kernel, int stride, int padding, int dilation)
    {
        var reach = ((long)(kernel - 1) * dilation) + 1;
        var whole = (long)input + padding - reach;

        // A step beyond the end is as good as one to the end, and nothing overflows by it.
        var axis = Empty(input, output, (int)Math.Min(dilation, Math.Max(int.MaxValue - (long)input, 1))) with
        {
            Stride = stride,
            Kernel = kernel,
            Padding = padding,
            FirstWhole = (int)Math.Min(((long)padding + stride - 1) / stride, output),
            EndWhole = whole < 0 ? 0 : (int)Math.Min((whole / stride) + 1, output),
        };
        for (var i = 0; i < output; i++)
        {
            var start = ((long)i * stride) - padding;
            var end = start + reach;
            axis.Sizes[i] = (int)(Math.Min(end, (long)input + padding) - start);
            axis.Ends[i] = (int)Math.Min(end, input);
            axis.Starts[i] = (int)(start >= 0 ? start : start + ((-start + dilation - 1) / dilation * dilation));
        }

        return axis;
    }

    /// <summary>Windows that share an axis as evenly as whole numbers allow.</summary>
    public static PoolAxis Adaptive(int input, int output)
    {
        var axis = Empty(input, output, 1);
        for (var i = 0; i < output; i++)
        {
            axis.Starts[i] = (int)((long)i * input / output);
            axis.Ends[i] = (int)((((long)(i + 1) * input) + output - 1) / output);
            axis.Sizes[i] = axis.Ends[i] - axis.Starts[i];
        }

        return axis;
    }

    /// <summary>What the windows were made from says all of them.</summary>
    public bool Equals(PoolAxis? other) => other is not null
        && (In, Out, Kernel, Stride, Padding, Step) == (other.In, other.Out, other.Kernel, other.Stride, other.Padding, other.Step);

    public override int GetHashCode() => HashCode.Combine(In, Out, Kernel, Stride, Padding, Step);

    private static PoolAxis Empty(int input, int output, int step) => new(input, new int[output], new int[output], new int[output], step);
}
