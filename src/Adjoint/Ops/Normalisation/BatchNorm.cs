using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>1 / sqrt(a + eps) as a loop body.</summary>
internal readonly struct InverseRoot(double eps) : IBody
{
    public static int Arity => 1;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => V.One / V.Sqrt(a + V.Of(eps));
}

/// <summary>
/// Channels (dimension 1) with mean 0 and variance 1 over everything else, or, outside of training, with the means and variances that are the last
/// inputs; then scaled and shifted by channel. In training it makes means, scales and variances on the way.
/// </summary>
internal readonly record struct BatchNorm(bool IsTraining, double Eps) : IFused
{
    public string GradName => "NativeBatchNormBackward0";

    public int Differentiable => 3;

    public Reads Reads(Places wanted) => IsTraining
        ? NormArguments.Reads(wanted)
        : (wanted[0] ? new Reads(Places.Of(1, 4)) : default) | (wanted[1] ? new Reads(Places.Of(0, 3, 4)) : default);

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Compose(Tensor?[] inputs)
    {
        var x = inputs[0]!;
        var (normal, _) = Normal(x, inputs[3], inputs[4]);
        var scaled = inputs[1] is { } weight ? normal * Spread(weight, x) : normal;
        return inputs[2] is { } bias ? scaled + Spread(bias, x) : scaled;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        Tensor? ofX = null, ofWeight = null;
        if (saved.Wanted[0] || saved.Wanted[1])
        {
            var (normal, scale) = saved.Inputs[0] is { } x
                ? Normal(x, saved.Inputs[3], saved.Inputs[4])
                : (null, Scale(Spread(saved.Inputs[4]!.To(g.DType), g)));
            if (saved.Wanted[0])
            {
                var weighted = saved.Inputs[1] is { } weight ? g * Spread(weight, g) : g;
                ofX = IsTraining
                    ? scale * (weighted - weighted.Mean(Others(g), keepDim: true) - (normal! * (weighted * normal!).Mean(Others(g), keepDim: true)))
                    : scale * weighted;
            }

            ofWeight = saved.Wanted[1] ? (g * normal!).Sum(Others(g)) : null;
        }

        return [ofX, ofWeight, saved.Wanted[2] ? g.Sum(Others(g)) : null];
    }

    public unsafe Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        var (x, weight, bias) = (Op.Contiguous(inputs[0]!), inputs[1], inputs[2]);
        var (images, channels, size) = Sizes(x);
        var result = Op.Fresh(x.Layout, x.DType);
        var means = IsTraining ? Op.Fresh(Layout.Dense([(int)channels]), x.DType) : Op.Contiguous(Op.Convert(inputs[3]!, x.DType));
        var variances = IsTraining ? Op.Fresh(means.Layout, x.DType) : inputs[4]!;
        if (IsTraining && x.Layout.Count > 0)
        {
            Guard.Dense(means, x.DType, channels);
            Guard.Dense(variances, x.DType, channels);
            using var pins = new Pins(x, means, variances);
            x.DType.VisitReal(new MomentLoops { Pins = pins, Images = images, Channels = channels, Size = size }, "batch_norm");
        }

        var scales = Scales(variances, x.DType);
        made = IsTraining ? [means, scales, variances] : [];
        if (x.Layout.Count > 0)
        {
            Guard.Dense(means, x.DType, channels, "running_mean");
            Guard.Dense(scales, x.DType, channels, "running_var");
            Guard.Dense(weight, x.DType, channels);
            Guard.Dense(bias, x.DType, channels);
            using var pins = new Pins(x, means, scales, weight, bias, result);
            x.DType.VisitReal(new Loops { Pins = pins, Images = images, Channels = channels, Size = size }, "batch_norm");
        }

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

        // Where only the bias has a gradient, or given statistics are constants to x, nothing of x matters.
        var x = saved.Inputs[0] is { } input ? Op.Contiguous(input) : g;
        var weight = saved.Inputs[1];
        var means = IsTraining ? saved.Made[0] : saved.Inputs[3] is { } mean ? Op.Contiguous(Op.Convert(mean, g.DType)) : null;
        var scales = IsTraining ? saved.Made[1] : saved.Inputs[4] is { } variance ? Scales(variance, g.DType) : null;
        Guard.Dense(x, g.DType, g.Layout.Count, "input");
        Guard.Dense(weight, g.DType, channels);
        Guard.Dense(means, g.DType, channels, "mean");
        Guard.Dense(scales, g.DType, channels, "rstd");
        var ofX = saved.Wanted[0] ? Op.Fresh(g.Layout, g.DType) : null;
        var ofWeight = saved.Wanted[1] ? Op.Fresh(one, g.DType) : null;
        var ofBias = saved.Wanted[2] ? Op.Fresh(one, g.DType) : null;
        using var pins = new Pins(g, x, means, scales, weight, ofX, ofWeight, ofBias);
        g.DType.VisitReal(
            new PullLoops { Pins = pins, Images = images, Channels = channels, Size = size, OfBatch = IsTraining }, "batch_norm");

        return [ofX, ofWeight, ofBias];
    }

    private unsafe ref struct MomentLoops : IRealJob
    {
        public Pins Pins;
        public nint Images;
        public nint Channels;
        public nint Size;

        readonly void IRealJob.Run<T>() => Normalise.Moments(Images, Channels, Size, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2]);
    }

    public Tensor? Batch(Tensor?[] inputs, Places batched) =>
        !IsTraining && batched == Places.Of(0) ? NormArguments.OfImages(this, inputs) : null;

    private unsafe ref struct Loops : IRealJob
    {
        public Pins Pins;
        public nint Images;
        public nint Channels;
        public nint Size;

        readonly void IRealJob.Run<T>() => Normalise.Channels(
            Images, Channels, Size, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], (T*)Pins[3], (T*)Pins[4], (T*)Pins[5]);
    }

    private unsafe ref struct PullLoops : IRealJob
    {
        public Pins Pins;
        public nint Images;
        public nint Channels;
        public nint Size;
        public bool OfBatch;

        readonly void IRealJob.Run<T>() => Normalise.ChannelsBackward(
            Images, Channels, Size, OfBatch, (T*)Pins[0], (T*)Pins[1], (T*)Pins[2], (T*)Pins[3], (T*)Pins[4], (T*)Pins[5], (T*)Pins[6],
            (T*)Pins[7]);
    }

    /// <summary>All dimensions but the channels.</summary>
    public static int[] Others(Tensor x) => [0, .. Enumerable.Range(2, x.Rank - 2)];

    private static (nint Images, nint Channels, nint Size) Sizes(Tensor x) =>
        (x.Layout.Sizes[0], x.Layout.Sizes[1], (nint)Shape.Product(x.Layout.Sizes.AsSpan(2)));

    private static Tensor Spread(Tensor values, Tensor x) => values.Reshape([values.Layout.Sizes[0], .. Enumerable.Repeat(1, x.Rank - 2)]);

    private (Tensor Normal, Tensor Scale) Normal(Tensor x, Tensor? mean, Tensor? variance)
    {
        var centred = x - (mean is null ? x.Mean(Others(x), keepDim: true) : Spread(mean.To(x.DType), x));
        var scale = Scale(variance is null ? centred.Square().Mean(Others(x), keepDim: true) : Spread(variance.To(x.DType), x));
        return (centred * scale, scale);
    }

    private Tensor Scale(Tensor variance) => (variance + Eps).Sqrt().Reciprocal();

    private Tensor Scales(Tensor variances, DType dtype)
    {
        var dense = Op.Convert(variances, dtype);
        var scales = Op.Fresh(dense.Layout, dtype);
        Op.Run(new InverseRoot(Eps), scales, dense, null, null, null);
        return scales;
    }
}

/// <content>Batch norm.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// (x - mean) / sqrt(variance + eps) for each channel, dimension 1, times a weight plus a bias (<c>torch.nn.functional.batch_norm</c>). In
    /// training mean and variance are those of the batch and running ones follow them in place;
    /// otherwise the running ones are taken. float32 or float64.
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
                : Op.Fused(new BatchNorm(IsTraining: false, eps), this, weight, bias, runningMean, runningVar);
        }

        if (runningMean is null != runningVar is null)
        {
            throw new ArgumentException("running_mean and running_var must either both be None or neither be None. Give both, or null for both.");
        }

        var count = channels == 0 ? 0 : Layout.Count / channels;
        if (count == 1)
        {
            throw new ShapeException($"Expected more than 1 value per channel when training, got input size {Shape}. A batch of one has no " +
                "variance: leave the last small batch out, or call model.Eval() where nothing is trained.");
        }

        // Running statistics are no inputs here: they follow afterwards.
        var result = Op.Fused(new BatchNorm(IsTraining: true, eps), [this, weight, bias, null, null], out var made);
        if (runningMean is null || runningVar is null)
        {
            return result;
        }

        var before = Recording.SetHere(false);
        try
        {
            FollowBatch(runningMean, made?[0] ?? Detach().Mean(Adjoint.BatchNorm.Others(this)), momentum);
            var variance = made?[2] ?? (Detach() - Detach().Mean(Adjoint.BatchNorm.Others(this), keepDim: true)).Square()
                .Mean(Adjoint.BatchNorm.Others(this));
            FollowBatch(runningVar, variance * ((double)count / (count - 1)), momentum);
        }
        finally
        {
            Recording.SetHere(before);
        }

        return result;
    }

    private static void FollowBatch(Tensor running, Tensor batch, double momentum)
    {
        if (batch.IsStandIn)
        {
            // At once, so that statistics that must not be changed are not changed by half.
            running.Copy_((running * (1 - momentum)) + (batch.To(running.DType) * momentum));
            return;
        }

        running.Mul_(1 - momentum);
        running.Add_(batch.To(running.DType) * momentum);
    }
}
