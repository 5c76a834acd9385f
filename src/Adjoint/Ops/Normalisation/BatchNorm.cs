using Adjoint.Kernels;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>What a batch norm found out of its batch, for running statistics.</summary>
internal sealed class BatchStatistics
{
    /// <summary>The mean of each channel; null where loops of its own did not run.</summary>
    public Tensor? Mean { get; set; }

    /// <summary>The variance of each channel, divided by the count.</summary>
    public Tensor? Variance { get; set; }
}

/// <summary>
/// Channels (dimension 1) with mean 0 and variance 1 over everything else, or with given means and variances, then scaled and shifted by channel.
/// </summary>
internal readonly struct BatchNorm(Tensor? mean, Tensor? variance, double eps, BatchStatistics? found) : IFused
{
    public static bool ReadsZ => false;

    public string GradName => "NativeBatchNormBackward0";

    public Tensor Compose(Tensor x, Tensor? y, Tensor? z)
    {
        var (normal, _) = Normal(x);
        var scaled = y is null ? normal : normal * Spread(y, x);
        return z is null ? scaled : scaled + Spread(z, x);
    }

    public Gradients Pull(Tensor g, Tensor x, Tensor? y, Tensor? z, Wanted wanted)
    {
        var (normal, scale) = Normal(x);
        Tensor? ofX = null;
        if (wanted.X)
        {
            var weighted = y is null ? g : g * Spread(y, x);
            ofX = mean is not null
                ? scale * weighted
                : scale * (weighted - weighted.Mean(Others(x), keepDim: true) - (normal * (weighted * normal).Mean(Others(x), keepDim: true)));
        }

        return new(ofX, wanted.Y ? (g * normal).Sum(Others(x)) : null, wanted.Z ? g.Sum(Others(x)) : null);
    }

    public unsafe Tensor Apply(Tensor x, Tensor? y, Tensor? z, out Kept kept)
    {
        x = Op.Contiguous(x);
        var (images, channels, size) = Sizes(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = mean is null ? Op.Fresh(Layout.Dense([(int)channels]), x.DType) : Op.Convert(mean.Detach(), x.DType);
        var variances = mean is null ? Op.Fresh(means.Layout, x.DType) : Op.Convert(variance!.Detach(), x.DType);
        if (mean is null && x.Layout.Count > 0)
        {
            Guard.Dense(means, x.DType, channels);
            Guard.Dense(variances, x.DType, channels);
            using var pins = new Pins(x, means, variances);
            switch (x.DType)
            {
                case DType.Float32:
                    Normalise.Moments(images, channels, size, (float*)pins[0], (float*)pins[1], (float*)pins[2]);
                    break;
                case DType.Float64:
                    Normalise.Moments(images, channels, size, (double*)pins[0], (double*)pins[1], (double*)pins[2]);
                    break;
                default:
                    throw x.DType.NotImplemented("batch_norm");
            }
        }

        if (found is not null)
        {
            (found.Mean, found.Variance) = (means, variances);
        }

        var scales = Op.Contiguous((variances + eps).Sqrt().Reciprocal());
        means = Op.Contiguous(means);
        kept = new(means, scales);
        if (x.Layout.Count > 0)
        {
            Guard.Dense(means, x.DType, channels, "running_mean");
            Guard.Dense(scales, x.DType, channels, "running_var");
            Guard.Dense(y, x.DType, channels, "weight");
            Guard.Dense(z, x.DType, channels, "bias");
            using var pins = new Pins(x, means, scales, y, z, result);
            switch (x.DType)
            {
                case DType.Float32:
                    Normalise.Channels(
                        images, channels, size, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float*)pins[3], (float*)pins[4], (float*)pins[5]);
                    break;
                case DType.Float64:
                    Normalise.Channels(
                        images, channels, size, (double*)pins[0], (double*)pins[1], (double*)pins[2], (double*)pins[3], (double*)pins[4], (double*)pins[5]);
                    break;
                default:
                    throw x.DType.NotImplemented("batch_norm");
            }
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
        Guard.Dense(kept.First, x.DType, channels, "mean");
        Guard.Dense(kept.Second, x.DType, channels, "rstd");
        var ofX = wanted.X ? Op.Fresh(x.Layout, x.DType) : null;
        var ofWeight = wanted.Y ? Op.Fresh(one, x.DType) : null;
        var ofBias = wanted.Z ? Op.Fresh(one, x.DType) : null;
        using var pins = new Pins(g, x, kept.First, kept.Second, y, ofX, ofWeight, ofBias);
        switch (x.DType)
        {
            case DType.Float32:
                Normalise.ChannelsBackward(
                    images, channels, size, mean is null, (float*)pins[0], (float*)pins[1], (float*)pins[2], (float*)pins[3], (float*)pins[4],
                    (float*)pins[5], (float*)pins[6], (float*)pins[7]);
                break;
            case DType.Float64:
                Normalise.ChannelsBackward(
                    images, channels, size, mean is null, (double*)pins[0], (double*)pins[1], (double*)pins[2], (double*)pins[3], (double*)pins[4],
                    (double*)pins[5], (double*)pins[6], (double*)pins[7]);
                break;
            default:
                throw x.DType.NotImplemented("batch_norm");
        }

        return new(ofX, ofWeight, ofBias);
    }

    /// <summary>All dimensions but the channels.</summary>
    public static int[] Others(Tensor x) => [0, .. Enumerable.Range(2, x.Rank - 2)];

    private static (nint Images, nint Channels, nint Size) Sizes(Tensor x) =>
        (x.Layout.Sizes[0], x.Layout.Sizes[1], (nint)Shape.Product(x.Layout.Sizes.AsSpan(2)));

    private static Tensor Spread(Tensor values, Tensor x) => values.Reshape([values.Layout.Sizes[0], .. Enumerable.Repeat(1, x.Rank - 2)]);

    private (Tensor Normal, Tensor Scale) Normal(Tensor x)
    {
        var centred = x - (mean is null ? x.Mean(Others(x), keepDim: true) : Spread(mean.To(x.DType), x));
        var spread = mean is null ? centred.Square().Mean(Others(x), keepDim: true) : Spread(variance!.To(x.DType), x);
        var scale = (spread + eps).Sqrt().Reciprocal();
        return (centred * scale, scale);
    }
}

/// <content>Batch norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) for each channel, dimension 1, times a weight plus a bias (<c>torch.nn.functional.batch_norm</c>). In training
    /// mean and variance are those of the batch and running ones follow them in place; otherwise the running ones are taken. float32 or float64.
    /// </summary>
    /// <param name="runningMean">Of shape [C]; null to keep none.</param>
    /// <param name="runningVar">Of shape [C], divided by the count less one; null to keep none.</param>
    /// <param name="weight">Of shape [C]; null for ones.</param>
    /// <param name="bias">Of shape [C]; null for zeros.</param>
    /// <param name="training">Whether to take the batch's statistics.</param>
    /// <param name="momentum">The share of the batch in new running statistics.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or a channel has one value in training.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are no reals.</exception>
    /// <exception cref="ArgumentException">There are no running statistics to take.</exception>
    public Tensor BatchNorm(
        Tensor? runningMean,
        Tensor? runningVar,
        Tensor? weight = null,
        Tensor? bias = null,
        bool training = false,
        double momentum = 0.1,
        double eps = 1e-5)
    {
        if (Rank == 1 && Layout.Count == 0)
        {
            return Clone(); // PyTorch lets pass what has no elements to normalise.
        }

        NormArguments.CheckHasChannels(this);
        var channels = Layout.Sizes[1];
        NormArguments.CheckDType(this, weight, bias, "batch_norm");
        NormArguments.CheckChannels(runningMean, channels, "running_mean");
        NormArguments.CheckChannels(runningVar, channels, "running_var");
        NormArguments.CheckChannels(weight, channels, "weight");
        NormArguments.CheckChannels(bias, channels, "bias");
        (weight, bias) = (NormArguments.Dense(weight), NormArguments.Dense(bias));
        if (!training)
        {
            return runningMean is null || runningVar is null
                ? throw new ArgumentException(
                    $"{(runningMean is null ? "running_mean" : "running_var")} must be defined in evaluation mode. Give both, or training: true.")
                : Op.Fused(new BatchNorm(runningMean, runningVar, eps, null), this, weight, bias);
        }

        if (runningMean is null != runningVar is null)
        {
            throw new ArgumentException("running_mean and running_var must either both be None or neither be None. Give both, or null for both.");
        }

        var count = channels == 0 ? 0 : Layout.Count / channels;
        if (count == 1)
        {
            throw new ShapeException($"Expected more than 1 value per channel when training, got input size {Shape}");
        }

        var found = new BatchStatistics();
        var result = Op.Fused(new BatchNorm(null, null, eps, found), this, weight, bias);
        var before = Recording.SetHere(false);
        try
        {
            FollowBatch(runningMean, found.Mean ?? Detach().Mean(Adjoint.BatchNorm.Others(this)), momentum);
            if (runningVar is not null)
            {
                var variance = found.Variance ?? (Detach() - Detach().Mean(Adjoint.BatchNorm.Others(this), keepDim: true)).Square()
                    .Mean(Adjoint.BatchNorm.Others(this));
                FollowBatch(runningVar, variance * ((double)count / (count - 1)), momentum);
            }
        }
        finally
        {
            Recording.SetHere(before);
        }

        return result;
    }

    private static void FollowBatch(Tensor? running, Tensor batch, double momentum)
    {
        if (running is not null)
        {
            running.Mul_(1 - momentum);
            running.Add_(batch.To(running.DType) * momentum);
        }
    }
}
