using Adjoint.Kernels;

namespace Adjoint;

/// <summary>PyTorch's rules for the arguments of pools; <see cref="PoolWords"/> says where they are broken.</summary>
internal static class PoolArguments
{
    /// <summary>The sizes of a pool's result.</summary>
    /// <summary>The parameters of a pool with such windows.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> List(int axes, PoolAxis[] windows)
    {
        var used = windows[^axes..];
        return used[0].Kernel is null
            ? [new("outputSize", Array.ConvertAll(used, axis => axis.Out))]
            :
            [
                new("kernelSize", Array.ConvertAll(used, axis => axis.Kernel ?? 0)),
                new("stride", Array.ConvertAll(used, axis => axis.Stride)),
                new("padding", Array.ConvertAll(used, axis => axis.Padding)),
                new("dilation", Array.ConvertAll(used, axis => axis.Step)),
                new("outputSize", Array.ConvertAll(used, axis => axis.Out)),
            ];
    }

    public static int[] OutputSizes(Layout x, int axes, PoolAxis[] windows) =>
        [.. x.Sizes[..^axes], .. windows[^axes..].Select(window => window.Out)];

    /// <summary>Windows of a kernel that moves by a stride.</summary>
    public static PoolAxis[] Sliding(
        Tensor x, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode, SlidingPoolWords words)
    {
        words.CheckInput(x);
        var axes = words.Axes;
        var sizes = Three(kernel, 1, 1, "kernel_size", words);
        var steps = stride.IsGiven ? Three(stride, 1, 1, "stride", words) : sizes;
        var zeros = Three(padding, 0, 0, "padding", words);
        var gaps = Three(dilation, 1, 1, "dilation", words);
        words.CheckWindows(x, sizes, steps, zeros, gaps);
        var windows = new PoolAxis[3];
        var output = new int[3];
        for (var a = 0; a < windows.Length; a++)
        {
            var input = a < 3 - axes ? 1 : x.Layout.Sizes[x.Rank - 3 + a];
            var reach = ((long)(sizes[a] - 1) * gaps[a]) + 1;
            var free = input + (2L * zeros[a]) - reach + (ceilMode ? steps[a] - 1 : 0);
            var count = (free < 0 ? -((-free + steps[a] - 1) / steps[a]) : free / steps[a]) + 1;

            // The last window has to start inside the image or its left padding.
            if (ceilMode && (count - 1) * steps[a] >= (long)input + zeros[a])
            {
                count--;
            }

            // Windows, padding included, are counted in 32 bits.
            _ = Shape.Dimension(Math.Max(input + (2L * zeros[a]), Math.Min(reach, input + (2L * zeros[a]))), $"the padded input of {words.Name}");
            output[a] = count < 0 ? (int)Math.Max(count, int.MinValue) : Shape.Dimension(count, $"the output of {words.Name}");

            windows[a] = PoolAxis.Sliding(input, Math.Max(output[a], 0), sizes[a], steps[a], zeros[a], gaps[a]);
        }

        if (output.AsSpan(3 - axes).ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException(words.TooSmall(x, output));
        }

        return windows;
    }

    /// <summary>Windows that make a result of a given size; -1 keeps the size of an axis.</summary>
    public static PoolAxis[] Adaptive(Tensor x, PerAxis outputSize, AdaptivePoolWords words)
    {
        words.CheckInput(x);
        words.CheckOutput(x, outputSize);
        var axes = words.Axes;
        var sizes = outputSize.Three(axes, 1, 1, "output_size", words.Name);
        var windows = new PoolAxis[3];
        for (var a = 0; a < windows.Length; a++)
        {
            var input = a < 3 - axes ? 1 : x.Layout.Sizes[x.Rank - 3 + a];
            windows[a] = PoolAxis.Adaptive(input, sizes[a] < 0 ? input : sizes[a]);
        }

        return windows;
    }

    /// <summary>What sums are divided by instead of the number of elements; null for that number.</summary>
    public static int? Divisor(int? divisorOverride) =>
        divisorOverride == 0 ? throw new ArgumentException("divisor must be not zero", nameof(divisorOverride)) : divisorOverride;

    private static int[] Three(PerAxis values, int otherwise, int inFront, string what, SlidingPoolWords words)
    {
        if (values.Count > 1 && values.Count != words.Axes)
        {
            throw new ShapeException(words.WrongCount(what, values.Count));
        }

        return values.Three(words.Axes, otherwise, inFront, what, words.Name);
    }
}
