using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>PyTorch's rules for the arguments of convolutions, and its messages where they are broken.</summary>
internal static class ConvolutionArguments
{
    /// <summary>A convolution, from its arguments as the user gave them.</summary>
    public static Tensor Run(
        Tensor x, Tensor weight, Tensor? bias, PerAxis stride, ConvPadding padding, PerAxis dilation, int groups, int axes)
    {
        var name = $"conv{axes}d";
        Check(x, weight, bias, groups, axes, name, transposed: false);
        var (strides, dilations) = Steps(stride, dilation, axes, transposed: false);
        var kernel = Spatial(weight, axes, 1);
        var sizes = Spatial(x, axes, 1);
        var before = padding.Values.Three(axes, 0, 0, "padding");
        var after = before;
        if (padding.IsSame)
        {
            if (strides.AsSpan().IndexOfAnyExcept(1) >= 0)
            {
                throw new ShapeException("padding='same' is not supported for strided convolutions");
            }

            // An odd number of zeros has the last one at the end.
            before = [.. kernel.Select((k, a) => Shape.Dimension((long)dilations[a] * (k - 1) / 2, name))];
            after = [.. kernel.Select((k, a) => Shape.Dimension(((long)dilations[a] * (k - 1)) - before[a], name))];
        }

        if (before.AsSpan().ContainsAnyInRange(int.MinValue, -1))
        {
            throw new ShapeException("negative padding is not supported");
        }

        CheckInput(x, weight, bias, groups, axes);
        CheckKernel(kernel, axes);
        var (padded, reach, output) = (new int[3], new int[3], new int[3]);
        for (var a = 0; a < output.Length; a++)
        {
            padded[a] = Shape.Dimension((long)sizes[a] + before[a] + after[a], $"the padded input of {name}");
            reach[a] = Shape.Dimension(((long)dilations[a] * (kernel[a] - 1)) + 1, $"the kernel of {name}");
            output[a] = ((padded[a] - reach[a]) / strides[a]) + 1;
            if (output[a] == 1 && strides[a] > padded[a])
            {
                // Nothing is a stride away from a single output, and kernels go through the remainders by it.
                strides[a] = 1;
            }
        }

        if (Enumerable.Range(0, 3).Any(a => padded[a] < reach[a]))
        {
            throw new ShapeException(
                $"Calculated padded input size per channel: ({Times(padded, axes)}). Kernel size: ({Times(reach, axes)}). Kernel size can't be " +
                "greater than actual input size. Pad the input with padding:, or take a smaller kernel.");
        }

        var settings = new ConvolutionSettings(axes, sizes, output, kernel, strides, before, dilations, groups);
        return Unbatched(x, axes, image => Op.Bilinear(new Convolution(settings), image, weight, bias));
    }

    /// <summary>A transposed convolution, from its arguments as the user gave them.</summary>
    public static Tensor RunTransposed(
        Tensor x, Tensor weight, Tensor? bias, PerAxis stride, PerAxis padding, PerAxis outputPadding, int groups, PerAxis dilation, int axes)
    {
        var name = $"conv_transpose{axes}d";
        Check(x, weight, bias, groups, axes, name, transposed: true);
        var (strides, dilations) = Steps(stride, dilation, axes, transposed: true);
        var kernel = Spatial(weight, axes, 1);
        var sizes = Spatial(x, axes, 1);
        var zeros = padding.Three(axes, 0, 0, "padding");
        var extra = outputPadding.Three(axes, 0, 0, "output_padding");
        if (zeros.AsSpan().ContainsAnyInRange(int.MinValue, -1))
        {
            throw new ShapeException("negative padding is not supported");
        }

        if (extra.AsSpan().ContainsAnyInRange(int.MinValue, -1))
        {
            throw new ShapeException("negative output_padding is not supported");
        }

        CheckTransposed(x, weight, bias, groups, axes);
        CheckKernel(kernel, axes);
        var result = new int[3];
        for (var a = 0; a < result.Length; a++)
        {
            if (extra[a] >= strides[a] && extra[a] >= dilations[a])
            {
                throw new ShapeException(
                    $"output padding must be smaller than either stride or dilation, but got {Named("output_padding_", extra, " ", axes)} " +
                    $"{Named("stride_", strides, " ", axes)} {Named("dilation_", dilations, " ", axes)}");
            }

            var length = ((long)(sizes[a] - 1) * strides[a]) - (2L * zeros[a]) + ((long)dilations[a] * (kernel[a] - 1)) + extra[a] + 1;
            result[a] = length < 0 ? (int)Math.Max(length, int.MinValue) : Shape.Dimension(length, $"the output of {name}");
            if (sizes[a] == 1 && strides[a] > result[a])
            {
                strides[a] = 1;
            }
        }

        if (result.AsSpan().ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException(
                $"Given input size per channel: ({Times(sizes, Math.Max(axes, 2))}). Calculated output size per channel: " +
                $"({Times(result, Math.Max(axes, 2))}). Output size is too small");
        }

        var settings = new ConvolutionSettings(axes, result, sizes, kernel, strides, zeros, dilations, groups);
        return Unbatched(x, axes, image => Op.Bilinear(new ConvolutionInput(settings), image, weight, bias));
    }

    /// <summary>Runs an operator on a batch of one where there is no batch.</summary>
    private static Tensor Unbatched(Tensor x, int axes, Func<Tensor, Tensor> run) =>
        x.Rank == axes + 2 ? run(x) : run(x.Unsqueeze(0)).Squeeze(0);

    private static void Check(Tensor x, Tensor weight, Tensor? bias, int groups, int axes, string name, bool transposed)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (x.Rank != axes + 1 && x.Rank != axes + 2)
        {
            throw new ShapeException(
                $"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) input to {name}, but got input of size: " +
                $"{Shape.Text(x.Layout.Sizes)}. The dimensions are batch, channels and {axes} of the image; Unsqueeze adds one.");
        }

        if (weight.Rank != axes + 2)
        {
            throw new ShapeException(
                (weight.Rank < 3
                    ? "weight should have at least three dimensions"
                    : $"Expected {weight.Rank}-dimensional input for {weight.Rank}-dimensional weight {Shape.Text(weight.Layout.Sizes)}, but got " +
                      $"{axes + 2}-dimensional input of size {Shape.Text(Batched(x, axes))} instead") +
                $". {name} takes weights of shape [{(transposed ? "in, out / groups" : "out, in / groups")}, ...kernel]; it has " +
                $"{Shape.Text(weight.Layout.Sizes)}.");
        }

        if (groups <= 0)
        {
            throw new ShapeException("non-positive groups is not supported");
        }

        if (bias is not null && bias.DType != x.DType)
        {
            throw new DTypeException(
                $"Input type ({x.DType.CppName}) and bias type ({bias.DType.CppName}) should be the same. Convert one of them with To(DType).");
        }

        if (x.DType != weight.DType)
        {
            throw new DTypeException(
                $"expected scalar type {x.DType.ScalarName} but found {weight.DType.ScalarName}. Input and weight of {name} have one dtype: " +
                "convert one of them with To(DType).");
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"\"slow_conv{axes}d_cpu\" not implemented for '{x.DType.ScalarName}'. Convert the tensors first: x.To(DType.Float32).");
        }
    }

    private static void CheckInput(Tensor x, Tensor weight, Tensor? bias, int groups, int axes)
    {
        var sizes = weight.Layout.Sizes;
        var channels = x.Layout.Sizes[x.Rank - axes - 1];
        CheckGroups(sizes, groups);
        if (sizes[0] % groups != 0)
        {
            throw new ShapeException(
                $"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, " +
                $"but got weight of size [{Shape.Text(sizes)}] instead");
        }

        if (channels != (long)sizes[1] * groups)
        {
            throw new ShapeException(
                $"Given groups={groups}, weight of size {Shape.Text(sizes)}, expected input{Shape.Text(Batched(x, axes))} to have " +
                $"{(long)sizes[1] * groups} channels, but got {channels} channels instead." + AboutChannels(x, axes, (long)sizes[1] * groups));
        }

        CheckBias(weight, bias, sizes[0], string.Empty);
    }

    /// <summary>Says where channels stand, and how to bring them there if they stand last.</summary>
    private static string AboutChannels(Tensor x, int axes, long wanted)
    {
        var batch = x.Rank - axes - 1;
        var move = x.Layout.Sizes[^1] == wanted ? $" They seem to stand last here: x.Movedim(-1, {batch}) brings them forward." : string.Empty;
        return $" Channels are dimension {batch} of the input.{move}";
    }

    private static void CheckTransposed(Tensor x, Tensor weight, Tensor? bias, int groups, int axes)
    {
        var sizes = weight.Layout.Sizes;
        var channels = x.Layout.Sizes[x.Rank - axes - 1];
        CheckGroups(sizes, groups);
        if (sizes[0] % groups != 0)
        {
            throw new ShapeException(
                $"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, " +
                $"but got weight of size [{Shape.Text(sizes)}] instead");
        }

        if (channels != sizes[0])
        {
            throw new ShapeException(
                $"Given transposed=1, weight of size {Shape.Text(sizes)}, expected input{Shape.Text(Batched(x, axes))} to have {sizes[0]} " +
                $"channels, but got {channels} channels instead." + AboutChannels(x, axes, sizes[0]));
        }

        CheckBias(weight, bias, Shape.Dimension((long)sizes[1] * groups, "the channels of the output"), "transposed=1, ");
    }

    private static void CheckBias(Tensor weight, Tensor? bias, int channels, string transposed)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Layout.Sizes[0] != channels))
        {
            throw new ShapeException(
                $"Given {transposed}weight of size {Shape.Text(weight.Layout.Sizes)}, expected bias to be 1-dimensional with {channels} elements, " +
                $"but got bias of size {Shape.Text(bias.Layout.Sizes)} instead");
        }
    }

    private static void CheckGroups(int[] weight, int groups)
    {
        if (weight[0] < groups)
        {
            throw new ShapeException(
                $"Given groups={groups}, expected weight to be at least {groups} at dimension 0, " +
                $"but got weight of size {Shape.Text(weight)} instead");
        }
    }

    private static void CheckKernel(int[] kernel, int axes)
    {
        if (kernel.AsSpan().ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException(axes == 3
                ? $"kernel size should be greater than zero, but got: {Times(kernel, 3)} (TxHxW)"
                : $"kernel size should be greater than zero, but got {Named("kernel_", kernel, " ", axes)}");
        }
    }

    private static (int[] Stride, int[] Dilation) Steps(PerAxis stride, PerAxis dilation, int axes, bool transposed)
    {
        var (strides, dilations) = (stride.Three(axes, 1, 1, "stride"), dilation.Three(axes, 1, 1, "dilation"));
        if (strides.AsSpan().ContainsAnyInRange(int.MinValue, 0))
        {
            throw new ShapeException("non-positive stride is not supported");
        }

        return dilations.AsSpan().ContainsAnyInRange(int.MinValue, 0)
            ? throw new ShapeException("dilation should be greater than zero, but got " + (transposed
                ? Named("dilation_", dilations, ", ", axes)
                : Shape.Text(dilations.AsSpan(axes == 3 ? 0 : 1))))
            : (strides, dilations);
    }

    /// <summary>An image's sizes, as those of a batch of one where there is no batch.</summary>
    private static int[] Batched(Tensor x, int axes) => x.Rank == axes + 2 ? x.Layout.Sizes : [1, .. x.Layout.Sizes];

    /// <summary>Numbers for each axis with its name; PyTorch runs convolutions over one axis with another of size 1 in front.</summary>
    private static string Named(string what, int[] three, string between, int axes)
    {
        string[] names = ["depth", "height", "width"];
        return string.Join(between, Enumerable.Range(0, 3).Skip(axes == 3 ? 0 : 1).Select(a => $"{what}{names[a]}: {three[a]}"));
    }

    /// <summary>The sizes of the last axes, with a number for those before them, of three.</summary>
    private static int[] Spatial(Tensor x, int axes, int inFront)
    {
        var three = new int[3];
        Array.Fill(three, inFront, 0, 3 - axes);
        x.Layout.Sizes.AsSpan(x.Rank - axes).CopyTo(three.AsSpan(3 - axes));
        return three;
    }

    private static string Times(int[] three, int axes) => Limits.Joined(" x ", three[(3 - axes)..]);
}
