using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Groups of channels of each image with mean 0 and variance 1, then scaled and shifted by channel.</summary>
internal readonly record struct GroupNorm(int Groups, double Eps) : IFused
{
    public string GradName => "NativeGroupNormBackward0";

    public int Differentiable => 3;

    public Reads Reads(Places wanted) => NormArguments.Reads(wanted);

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Compose(Tensor?[] inputs)
    {
        var x = inputs[0]!;
        var (normal, _) = Normal(x);
        var whole = normal.Reshape(x.Layout.Sizes);
        var scaled = inputs[1] is { } weight ? whole * Spread(weight, x) : whole;
        return inputs[2] is { } bias ? scaled + Spread(bias, x) : scaled;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        Tensor? ofX = null, ofWeight = null;
        int[] others = [0, .. Enumerable.Range(2, g.Rank - 2)];
        if (saved.Inputs[0] is { } x)
        {
            var (normal, scale) = Normal(x);
            if (saved.Wanted[0])
            {
                var weighted = Grouped(saved.Inputs[1] is { } weight ? g * Spread(weight, x) : g);
                ofX = (scale * (weighted - weighted.Mean([2], keepDim: true) - (normal * (weighted * normal).Mean([2], keepDim: true))))
                    .Reshape(x.Layout.Sizes);
            }

            ofWeight = saved.Wanted[1] ? (g * normal.Reshape(x.Layout.Sizes)).Sum(others) : null;
        }

        return [ofX, ofWeight, saved.Wanted[2] ? g.Sum(others) : null];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var (x, weight, bias) = (Op.Contiguous(inputs[0]!), inputs[1], inputs[2]);
        var (images, channels, size) = Sizes(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = Op.Fresh(Layout.Dense([(int)images, Groups]), x.DType);
        var scales = Op.Fresh(means.Layout, x.DType);
        made = [means, scales];
        if (x.Layout.Count == 0)
        {
            return result;
        }

        Guard.Dense(weight, x.DType, channels);
        Guard.Dense(bias, x.DType, channels);
        using var pins = new Pins(x, weight, bias, result, means, scales);
        x.DType.VisitReal(
            new Loops { Pins = pins, Images = images, Channels = channels, Size = size, Groups = Groups, Eps = Eps }, "GroupNormKernelImpl");

        return result;
    }

    public unsafe Tensor?[] PullFused(Tensor g, in Remembered saved)
    {
        g = Op.Contiguous(g);
        var (images, channels, size) = Sizes(g);
        var one = Layout.Dense([(int)channels]);
        if (g.Layout.Count == 0)
        {
            return NormArguments.Zeros(g, one, saved.Wanted);
        }

        // Where only the bias has a gradient nothing of x matters.
        var x = saved.Inputs[0] is { } input ? Op.Contiguous(input) : g;
        var (weight, means, scales) = (saved.Inputs[1], saved.Made[0], saved.Made[1]);
        Guard.Dense(x, g.DType, g.Layout.Count, "input");
        Guard.Dense(weight, g.DType, channels);
        Guard.Dense(means, g.DType, images * Groups, "mean");
        Guard.Dense(scales, g.DType, images * Groups, "rstd");
        var ofX = saved.Wanted[0] ? Op.Fresh(g.Layout, g.DType) : null;
        var ofWeight = saved.Wanted[1] ? Op.Fresh(one, g.DType) : null;
        var ofBias = saved.Wanted[2] ? Op.Fresh(one, g.DType) : null;
        using var pins = new Pins(g, x, weight, means, scales, ofX, ofWeight, ofBias);
        g.DType.VisitReal(
            new PullLoops { Pins = pins, Images = images, Channels = channels, Size = size, Groups = Groups }, "GroupNormKernelImpl");

        return [ofX, ofWeight, ofBias];
    }

    public Tensor? Batch(Tensor?[] inputs, Places batched) =>
        batched == Places.Of(0) ? NormArguments.OfImages(this, inputs) : null;

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public nint Images;
        public nint Channels;
        public nint Size;
        public int Groups;
        public double Eps;

        readonly void IRealJob.Run<T>() => Normalise.Groups(
            Images, Channels, Size, Groups, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], T.CreateTruncating(Eps), (T*)Pins[3], (T*)Pins[4], (T*)Pins[5]);
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public nint Images;
        public nint Channels;
        public nint Size;
        public int Groups;

        readonly void IRealJob.Run<T>() => Normalise.GroupsBackward(
            Images, Channels, Size, Groups, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], (T*)Pins[3], (T*)Pins[4], (T*)Pins[5], (T*)Pins[6], (T*)Pins[7]);
    }

    private static (nint Images, nint Channels, nint Size) Sizes(Tensor x) =>
        (x.Layout.Sizes[0], x.Layout.Sizes[1], (nint)Shape.Product(x.Layout.Sizes.AsSpan(2)));

    private static Tensor Spread(Tensor values, Tensor x) => values.Reshape([values.Layout.Sizes[0], .. Enumerable.Repeat(1, x.Rank - 2)]);

    private Tensor Grouped(Tensor x) => x.Reshape(x.Layout.Sizes[0], Groups, -1);

    private (Tensor Normal, Tensor Scale) Normal(Tensor x)
    {
        var grouped = Grouped(x);
        var centred = grouped - grouped.Mean([2], keepDim: true);
        var scale = (centred.Square().Mean([2], keepDim: true) + Eps).Sqrt().Reciprocal();
        return (centred * scale, scale);
    }
}

/// <content>Group norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) for each group of channels (dimension 1) of each image, times a weight plus a bias for each channel
    /// (<c>torch.nn.functional.group_norm</c>). float32 or float64.
    /// </summary>
    /// <param name="numGroups">The number of groups; it divides the channels.</param>
    /// <param name="weight">Of shape [C]; null for ones.</param>
    /// <param name="bias">Of shape [C]; null for zeros.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    public Tensor GroupNorm(int numGroups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
    {
        if (numGroups <= 0)
        {
            throw new ShapeException($"Expected num groups to be greater than 0, got {numGroups}");
        }

        NormArguments.CheckHasChannels(this);
        if (Layout.Sizes[1] % numGroups != 0)
        {
            throw new ShapeException(
                "Expected number of channels in input to be divisible by num_groups, but got input of shape " +
                $"{Shape.Text(Layout.Sizes)} and num_groups={numGroups}");
        }

        var channels = Layout.Sizes[1];
        NormArguments.CheckDType(this, weight, bias, "GroupNormKernelImpl");
        CheckVector(this, weight, "weight");
        CheckVector(this, bias, "bias");

        // Nothing to normalise: Reshape could not tell how long a group is.
        return Layout.Count == 0
            ? BatchNorm(Tensor.Zeros([channels], DType), Tensor.Ones([channels], DType), weight, bias)
            : Op.Fused(new GroupNorm(numGroups, eps), this, NormArguments.Dense(weight), NormArguments.Dense(bias));
    }

    private static void CheckVector(Tensor x, Tensor? values, string name)
    {
        if (values is not null && (values.Rank != 1 || values.Layout.Sizes[0] != x.Layout.Sizes[1]))
        {
            throw new ShapeException(
                $"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of shape " +
                $"{Shape.Text(values.Layout.Sizes)} and input of shape {Shape.Text(x.Layout.Sizes)}");
        }
    }
}
