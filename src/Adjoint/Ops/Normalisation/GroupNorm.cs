using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>Groups of channels of each image with mean 0 and variance 1, then scaled and shifted by channel.</summary>
internal readonly struct GroupNorm(int groups, double eps) : IFused
{
    public static bool ReadsZ => false;

    public string GradName => "NativeGroupNormBackward0";

    public Tensor Compose(Tensor x, Tensor? y, Tensor? z)
    {
        var (normal, _) = Normal(x);
        var whole = normal.Reshape(x.Layout.Sizes);
        var scaled = y is null ? whole : whole * Spread(y, x);
        return z is null ? scaled : scaled + Spread(z, x);
    }

    public Gradients Pull(Tensor g, Tensor x, Tensor? y, Tensor? z, Wanted wanted)
    {
        var (normal, scale) = Normal(x);
        Tensor? ofX = null;
        if (wanted.X)
        {
            var weighted = Grouped(y is null ? g : g * Spread(y, x));
            ofX = (scale * (weighted - weighted.Mean([2], keepDim: true) - (normal * (weighted * normal).Mean([2], keepDim: true))))
                .Reshape(x.Layout.Sizes);
        }

        int[] others = [0, .. Enumerable.Range(2, x.Rank - 2)];
        return new(ofX, wanted.Y ? (g * normal.Reshape(x.Layout.Sizes)).Sum(others) : null, wanted.Z ? g.Sum(others) : null);
    }

    public unsafe Tensor Apply(Tensor x, Tensor? y, Tensor? z, out Kept kept)
    {
        x = Op.Contiguous(x);
        var (images, channels, size) = Sizes(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = Op.Fresh(Layout.Dense([(int)images, groups]), x.DType);
        var scales = Op.Fresh(means.Layout, x.DType);
        kept = new(means, scales);
        if (x.Layout.Count == 0)
        {
            return result;
        }

        Guard.Dense(y, x.DType, channels, "weight");
        Guard.Dense(z, x.DType, channels, "bias");
        using var pins = new Pins(x, y, z, result, means, scales);
        switch (x.DType)
        {
            case DType.Float32:
                Normalise.Groups(
                    images, channels, size, groups, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float)eps, (float*)pins[3], (float*)pins[4],
                    (float*)pins[5]);
                break;
            case DType.Float64:
                Normalise.Groups(
                    images, channels, size, groups, (double*)pins[0], (double*)pins[1], (double*)pins[2], eps, (double*)pins[3], (double*)pins[4],
                    (double*)pins[5]);
                break;
            default:
                throw x.DType.NotImplemented("GroupNormKernelImpl");
        }

        return result;
    }

    public unsafe Gradients PullFused(Tensor g, Tensor x, Tensor? y, Tensor? z, Kept kept, Wanted wanted)
    {
        (g, x) = (Op.Contiguous(g), Op.Contiguous(x));
        var (images, channels, size) = Sizes(x);
        var one = Layout.Dense([(int)channels]);
        if (x.Layout.Count == 0)
        {
            return new(
                wanted.X ? Op.Zeroed(x.Layout, x.DType) : null, wanted.Y ? Op.Zeroed(one, x.DType) : null, wanted.Z ? Op.Zeroed(one, x.DType) : null);
        }

        Guard.Dense(g, x.DType, x.Layout.Count, "grad_output");
        Guard.Dense(y, x.DType, channels, "weight");
        Guard.Dense(kept.First, x.DType, images * groups, "mean");
        Guard.Dense(kept.Second, x.DType, images * groups, "rstd");
        var ofX = wanted.X ? Op.Fresh(x.Layout, x.DType) : null;
        var ofWeight = wanted.Y ? Op.Fresh(one, x.DType) : null;
        var ofBias = wanted.Z ? Op.Fresh(one, x.DType) : null;
        using var pins = new Pins(g, x, y, kept.First, kept.Second, ofX, ofWeight, ofBias);
        switch (x.DType)
        {
            case DType.Float32:
                Normalise.GroupsBackward(
                    images, channels, size, groups, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float*)pins[3], (float*)pins[4], (float*)pins[5],
                    (float*)pins[6], (float*)pins[7]);
                break;
            case DType.Float64:
                Normalise.GroupsBackward(
                    images, channels, size, groups, (double*)pins[0], (double*)pins[1], (double*)pins[2], (double*)pins[3], (double*)pins[4],
                    (double*)pins[5], (double*)pins[6], (double*)pins[7]);
                break;
            default:
                throw x.DType.NotImplemented("GroupNormKernelImpl");
        }

        return new(ofX, ofWeight, ofBias);
    }

    private static (nint Images, nint Channels, nint Size) Sizes(Tensor x) =>
        (x.Layout.Sizes[0], x.Layout.Sizes[1], (nint)Shape.Product(x.Layout.Sizes.AsSpan(2)));

    private static Tensor Spread(Tensor values, Tensor x) => values.Reshape([values.Layout.Sizes[0], .. Enumerable.Repeat(1, x.Rank - 2)]);

    private Tensor Grouped(Tensor x) => x.Reshape(x.Layout.Sizes[0], groups, -1);

    private (Tensor Normal, Tensor Scale) Normal(Tensor x)
    {
        var grouped = Grouped(x);
        var centred = grouped - grouped.Mean([2], keepDim: true);
        var scale = (centred.Square().Mean([2], keepDim: true) + eps).Sqrt().Reciprocal();
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
