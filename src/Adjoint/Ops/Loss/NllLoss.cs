using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>How the losses of single samples become one number.</summary>
public enum LossReduction
{
    /// <summary>The mean, weighted where the loss has weights.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>No reduction: one loss for each sample.</summary>
    None,
}

/// <summary>
/// The scores of the right classes times given factors, summed or not: the negative log-likelihood, linear in the scores. Where samples are ignored, if any
/// are, the loss is 0 even for infinite scores.
/// </summary>
internal readonly struct NllLoss(Tensor positions, Tensor factors, Tensor? ignored, int dim, bool sums) : ILinear
{
    public bool IsUsedUp => true;

    /// <summary>PyTorch has a second operator for more than two dimensions.</summary>
    public string GradName => positions?.Rank > 2 ? "NllLoss2DBackward0" : "NllLossBackward0";

    public TensorType Infer(TensorType x) => sums ? x.With() : x.With([.. x.Layout.Sizes[..dim], .. x.Layout.Sizes[(dim + 1)..]]);

    public Tensor Apply(Tensor x)
    {
        var picked = new TakeAlong(dim, keepDim: false, string.Empty, string.Empty).Apply(x, positions);
        var losses = Counted(picked * factors);
        return sums ? losses.Sum() : losses;
    }

    // One loss for each of the batch, as a sum over all but the batch.
    public Tensor? Batch(Tensor x)
    {
        int[] sizes = [x.Layout.Sizes[0], .. positions.Layout.Sizes];
        var taken = new TakeAlong(dim + 1, keepDim: false, "GatherBackward0", "ScatterAddBackward0");
        var losses = Counted(Op.Indexed(taken, x, positions.Expand(sizes)) * factors);
        return sums && losses.Rank > 1 ? losses.Flatten(1).Sum(1) : losses;
    }

    public Tensor Transpose(Tensor g, Layout input) =>
        Op.Indexed(new PutAlong(dim, input.Sizes, "NllLossBackwardBackward0"), (g * factors).Unsqueeze(dim), positions);

    private Tensor Counted(Tensor losses) => ignored is null ? losses : losses.MaskedFill(ignored, 0);
}

/// <content>Losses of classifiers.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The negative log-likelihood of the right classes (<c>torch.nn.functional.nll_loss</c>). This tensor holds log-probabilities: classes
    /// in dimension 1, or 0 for a single sample.
    /// </summary>
    /// <param name="target">int64 class numbers, this shape without the class dimension.</param>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="ignoreIndex">A class number whose samples do not count.</param>
    /// <param name="reduction">How samples are combined; the mean divides by the sum of their weights.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="TensorIndexException">A class number is out of range.</exception>
    public Tensor NllLoss(
        Tensor target, Tensor? weight = null, long ignoreIndex = -100, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        var dim = LossTargets.Classes(this, target);
        var classes = Layout.Sizes[dim];
        if (target.Tracer is not null)
        {
            return OfEachSample(this, target, weight, ignoreIndex, reduction, dim);
        }

        if (weight is not null && (weight.Rank != 1 || weight.Layout.Count != classes))
        {
            throw new ShapeException(
                $"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of shape: " +
                $"{Shape.Text(weight.Layout.Sizes)}");
        }

        var (positions, factors, total, isIgnoring) = LossTargets.Factors(target, classes, weight, ignoreIndex);
        var isEmpty = reduction == LossReduction.Mean && Array.TrueForAll(factors, factor => factor == 0);
        if (reduction == LossReduction.Mean && !isEmpty)
        {
            for (var i = 0; i < factors.Length; i++)
            {
                factors[i] /= total;
            }
        }

        var sizes = target.Layout.Sizes;
        var op = new NllLoss(
            Tensor.FromArray(positions, [.. sizes[..dim], 1, .. sizes[dim..]]),
            Op.Convert(Tensor.FromArray(factors), DType).Reshape(sizes),
            isIgnoring ? target.Eq(ignoreIndex) : null,
            dim,
            reduction != LossReduction.None);
        var loss = Op.Linear(op, this);

        // The mean of no samples is not a number; its gradient is 0, as PyTorch has it.
        return isEmpty ? loss + double.NaN : loss;
    }

    /// <summary>The loss in operators, where targets are followed by a transform and C# code may not look at them.</summary>
    private static Tensor OfEachSample(
        Tensor x, Tensor target, Tensor? weight, long ignoreIndex, LossReduction reduction, int dim)
    {
        var ignored = target.Eq(ignoreIndex);
        var safe = target.To(DType.Int64).MaskedFill(ignored, 0);
        var factors = weight is null ? Tensor.OnesLike(x.Select(dim, 0)).Detach() : weight.Gather(0, safe.Reshape(-1)).Reshape(safe.Layout.Sizes);
        factors = factors.MaskedFill(ignored, 0);
        var losses = (-x.Gather(dim, safe.Unsqueeze(dim)).Squeeze(dim) * factors).MaskedFill(ignored, 0);
        return reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => losses.Sum(),
            _ => losses.Sum() / factors.Sum(),
        };
    }
}

/// <summary>What a loss reads of its target.</summary>
internal static class LossTargets
{
    public static int Classes(Tensor x, Tensor target)
    {
        var (scores, classes) = (x.Layout.Sizes, target.Layout.Sizes);
        var rank = x.Rank;
        if (rank == 0)
        {
            throw new ShapeException("Expected 1 or more dimensions (got 0). Scores have the classes in dimension 1, or 0 for a single sample.");
        }

        if (rank > 1 && classes.Length > 0 && scores[0] != classes[0])
        {
            throw Misfit($"Expected input batch_size ({scores[0]}) to match target batch_size ({classes[0]}).", x, target);
        }

        if (classes.Length != rank - 1 || (rank > 2 && !classes.AsSpan(1).SequenceEqual(scores.AsSpan(2))))
        {
            throw Misfit(
                rank switch
                {
                    1 or 2 => "0D or 1D target tensor expected, multi-target not supported.",
                    4 when classes.Length != 3 =>
                        $"only batches of spatial targets supported (3D tensors) but got targets of dimension: {classes.Length}.",
                    4 => $"size mismatch (got input: {Shape.Text(scores)} , target: {Shape.Text(classes)}.",
                    _ => $"Expected target size {Shape.Text([scores[0], .. scores[2..]])}, got {Shape.Text(classes)}.",
                },
                x,
                target);
        }

        return target.DType.IsFloatingPoint
            ? throw new DTypeException(
                $"expected scalar type Long but found {target.DType.ScalarName}. Class numbers are int64: target.To(DType.Int64).")
            : rank == 1 ? 0 : 1;
    }

    public static ShapeException Misfit(string sentence, Tensor x, Tensor target) => new(
        $"{sentence} Scores have shape {Shape.Text(x.Layout.Sizes)} and targets {Shape.Text(target.Layout.Sizes)}; class numbers need the shape of the " +
        "scores without the class dimension.");

    public static (long[] Positions, double[] Factors, double Total, bool IsIgnoring) Factors(
        Tensor target, int classes, Tensor? weight, long ignoreIndex)
    {
        var weights = weight?.Detach().ToArray<double>();
        var positions = target.ToArray<long>();
        var factors = new double[positions.Length];
        double total = 0;
        var isIgnoring = false;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] == ignoreIndex)
            {
                positions[i] = 0;
                isIgnoring = true;
                continue;
            }

            if (positions[i] < 0 || positions[i] >= classes)
            {
                throw new TensorIndexException($"Target {positions[i]} is out of bounds. There are {classes} classes.");
            }

            var share = weights?[positions[i]] ?? 1;
            factors[i] = -share;
            total += share;
        }

        return (positions, factors, total, isIgnoring);
    }
}
