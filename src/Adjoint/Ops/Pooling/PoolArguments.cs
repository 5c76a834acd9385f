using Adjoint.Kernels;

namespace Adjoint;

/// <summary>PyTorch's rules for the arguments of pools, and its messages where they are broken.</summary>
internal static class PoolArguments
{
    private static readonly string[] Words = ["", "one int", "two ints", "three ints"];

    /// <summary>The sizes of a pool's result.</summary>
    public static int[] OutputSizes(Tensor x, int axes, PoolAxis[] windows) =>
        [.. x.Layout.Sizes[..^axes], .. windows[^axes..].Select(window => window.Out)];

    /// <summary>Windows of a kernel that moves by a stride.</summary>
    public static PoolAxis[] Sliding(
        Tensor x, PerAxis kernel, PerAxis stride, PerAxis padding, PerAxis dilation, bool ceilMode, int axes, string name)
    {
        CheckInput(x, axes, name);
        var sizes = Three(kernel, 1, 1, "kernel_size", axes, name);
        var steps = stride.IsGiven ? Three(stride, 1, 1, "stride", axes, name) : sizes;
        var zeros = Three(padding, 0, 0, "padding", axes, name);
        var gaps = Three(dilation, 1, 1, "dilation", axes, name);
        var windows = new PoolAxis[3];
        var output = new int[3];
        for (var a = 0; a < windows.Length; a++)
        {
            var input = a < 3 - axes ? 1 : x.Layout.Sizes[x.Rank - 3 + a];
            Check(sizes[a], steps[a], zeros[a], gaps[a]);
            var reach = ((sizes[a] - 1) * gaps[a]) + 1;
            var free = input + (2 * zeros[a]) - reach + (ceilMode ? steps[a] - 1 : 0);
            output[a] = (free < 0 ? -((-free + steps[a] - 1) / steps[a]) : free / steps[a]) + 1;

            // The last window has to start inside the image or its left padding.
            if (ceilMode && (output[a] - 1) * steps[a] >= input + zeros[a])
            {
                output[a]--;
            }

            windows[a] = PoolAxis.Sliding(input, Math.Max(output[a], 0), sizes[a], steps[a], zeros[a], gaps[a]);
        }

        if (output.AsSpan(3 - axes).ContainsAnyInRange(int.MinValue, 0))
        {
            var channels = x.Layout.Sizes[x.Rank - axes - 1];
            throw new ShapeException(
                $"Given input size: ({channels}x{string.Join('x', x.Layout.Sizes[^axes..])}). Calculated output size: " +
                $"({channels}x{string.Join('x', output[^axes..])}). Output size is too small");
        }

        return windows;
    }

    /// <summary>Windows that make a result of a given size; -1 keeps the size of an axis.</summary>
    public static PoolAxis[] Adaptive(Tensor x, PerAxis outputSize, int axes, string name)
    {
        CheckInput(x, axes, name);
        if (outputSize.Count != 1 && outputSize.Count != axes)
        {
            throw new ShapeException($"{name}: output_size must be {axes}. Got {outputSize.Count} numbers.");
        }

        var sizes = outputSize.Three(axes, 1, 1, "output_size", name);
        var windows = new PoolAxis[3];
        for (var a = 0; a < windows.Length; a++)
        {
            var input = a < 3 - axes ? 1 : x.Layout.Sizes[x.Rank - 3 + a];
            if (sizes[a] < -1)
            {
                throw new ShapeException($"{name}: elements of output_size must be greater than or equal to 0 but received {outputSize}");
            }

            if (input == 0)
            {
                throw new ShapeException(
                    $"{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {Shape.Text(x.Layout.Sizes)}");
            }

            windows[a] = PoolAxis.Adaptive(input, sizes[a] < 0 ? input : sizes[a]);
        }

        return windows;
    }

    private static int[] Three(PerAxis values, int otherwise, int inFront, string what, int axes, string name) =>
        values.Count <= 1 || values.Count == axes
            ? values.Three(axes, otherwise, inFront, what, name)
            : throw new ShapeException($"{name}: {what} must either be a single int, or a tuple of {Words[axes]}");

    private static void Check(int kernel, int stride, int padding, int dilation)
    {
        if (kernel <= 0)
        {
            throw new ShapeException($"kernel size should be greater than zero, but got {kernel}");
        }

        if (stride <= 0)
        {
            throw new ShapeException("stride should not be zero");
        }

        if (dilation <= 0)
        {
            throw new ShapeException($"dilation should be greater than zero, but got {dilation}");
        }

        if (padding < 0)
        {
            throw new ShapeException($"pad must be non-negative, but got pad: {padding}");
        }

        if (padding > (((kernel - 1) * dilation) + 1) / 2)
        {
            throw new ShapeException(
                $"pad should be at most half of effective kernel size, but got pad={padding}, kernel_size={kernel} and dilation={dilation}");
        }
    }

    private static void CheckInput(Tensor x, int axes, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != axes + 1 && x.Rank != axes + 2)
        {
            throw new ShapeException(axes == 1
                ? $"{name}() Expected 2D or 3D input tensor, but got {Shape.Text(x.Layout.Sizes)}"
                : $"Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with optional 0 dim batch size for input, but got:" +
                  Shape.Text(x.Layout.Sizes));
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"\"{name}\" not implemented for '{x.DType.ScalarName}'. Convert the tensor first: x.To(DType.Float32).");
        }
    }
}
