using Adjoint.Kernels;

namespace Adjoint;

/// <summary>PyTorch's rules for the arguments of pools; <see cref="PoolErrors"/> has its messages where they are broken.</summary>
internal static class PoolArguments
{
    /// <summary>The sizes of a pool's result.</summary>
    public static int[] OutputSizes(Layout x, int axes, PoolAxis[] windows) =>
        [.. x.Sizes[..^axes], .. windows[^axes..].Select(window => window.Out)];

    /// <summary>Windows of a kernel that moves by a stride.</summary>
    public static PoolAxis[] Sliding(
        Tensor x, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode, int axes, string name)
    {
        PoolErrors.CheckInput(x, axes, name);
        var sizes = Three(kernel, 1, 1, "kernel_size", axes, name);
        var steps = stride.IsGiven ? Three(stride, 1, 1, "stride", axes, name) : sizes;
        var zeros = Three(padding, 0, 0, "padding", axes, name);
        var gaps = Three(dilation, 1, 1, "dilation", axes, name);
        PoolErrors.CheckWindows(sizes, steps, zeros, gaps, axes, name);
        if (name == "avg_pool3d")
        {
            PoolErrors.CheckCovers(x, sizes);
        }

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
            _ = Shape.Dimension(Math.Max(input + (2L * zeros[a]), Math.Min(reach, input + (2L * zeros[a]))), $"the padded input of {name}");
            output[a] = count < 0 ? (int)Math.Max(count, int.MinValue) : Shape.Dimension(count, $"the output of {name}");

            windows[a] = PoolAxis.Sliding(input, Math.Max(output[a], 0), sizes[a], steps[a], zeros[a], gaps[a]);
        }

        if (output.AsSpan(3 - axes).ContainsAnyInRange(int.MinValue, 0))
        {
            throw PoolErrors.TooSmall(x, output, axes, name);
        }

        return windows;
    }

    /// <summary>Windows that make a result of a given size; -1 keeps the size of an axis.</summary>
    public static PoolAxis[] Adaptive(Tensor x, PerAxis outputSize, int axes, string name)
    {
        PoolErrors.CheckInput(x, axes, name);
        PoolErrors.CheckOutput(x, outputSize, axes, name);
        var sizes = outputSize.Three(axes, 1, 1, "output_size", name);
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

    private static int[] Three(PerAxis values, int otherwise, int inFront, string what, int axes, string name)
    {
        PoolErrors.CheckCount(values, what, axes, name);
        return values.Three(axes, otherwise, inFront, what, name);
    }
}
