namespace Adjoint;

/// <content>The loss of a classifier from raw scores.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The cross-entropy between scores and targets (<c>torch.nn.functional.cross_entropy</c>): the negative log-likelihood of the scores'
    /// softmax. Classes are in dimension 1, or 0 for a single sample.
    /// </summary>
    /// <param name="target">int64 class numbers (this shape without the class dimension), or probabilities of this shape.</param>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="ignoreIndex">A class number whose samples do not count.</param>
    /// <param name="reduction">How samples are combined.</param>
    /// <param name="labelSmoothing">From 0 to 1: how much of each target is spread evenly over all classes.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The scores are not real, class numbers are, or probabilities are not; or weights of classes
    /// have another dtype than the scores.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label smoothing is not from 0 to 1.</exception>
    public Tensor CrossEntropy(
        Tensor target,
        Tensor? weight = null,
        long ignoreIndex = -100,
        LossReduction reduction = LossReduction.Mean,
        double labelSmoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (labelSmoothing is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(labelSmoothing), $"label_smoothing must be between 0.0 and 1.0. Got: {labelSmoothing}");
        }

        LossArguments.Check(reduction);
        var dim = Rank <= 1 ? 0 : 1;
        var scores = LogSoftmax(dim);
        if (scores.Layout.SameSizes(target.Layout))
        {
            return CrossEntropyOfProbabilities(scores, target, dim, weight, reduction, labelSmoothing);
        }

        var loss = scores.NllLoss(target, weight, ignoreIndex, reduction);
        return labelSmoothing == 0
            ? loss
            : (loss * (1 - labelSmoothing))
                + (SmoothCrossEntropy(scores, target, dim, weight, ignoreIndex, reduction) * (labelSmoothing / Layout.Sizes[dim]));
    }

    private static Tensor CrossEntropyOfProbabilities(
        Tensor scores, Tensor target, int dim, Tensor? weight, LossReduction reduction, double labelSmoothing)
    {
        if (!target.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"Expected floating point type for target with class probabilities, got {target.DType.ScalarName}. A target of the scores' shape, " +
                $"{Shape.Text(scores.Layout.Sizes)}, holds probabilities; class numbers have no class dimension.");
        }

        if (weight is not null && (weight.Rank != 1 || scores.Rank == 0 || weight.Layout.Count != scores.Layout.Sizes[dim]))
        {
            throw new ShapeException(
                $"cross_entropy: weight tensor should be defined either for all {(scores.Rank == 0 ? 1 : scores.Layout.Sizes[dim])} classes or no " +
                $"classes but got weight tensor of shape: {Shape.Text(weight.Layout.Sizes)}");
        }

        if (labelSmoothing > 0)
        {
            target = (target * (1 - labelSmoothing)) + (labelSmoothing / scores.Layout.Sizes[dim]);
        }

        var products = WeightedByClass(scores * target, weight, dim);
        return reduction switch
        {
            LossReduction.None => -products.Sum(dim),
            LossReduction.Sum => -products.Sum(),
            _ => -products.Sum() / ((double)scores.Layout.Count / scores.Layout.Sizes[dim]),
        };
    }

    /// <summary>The loss against the even distribution, times the number of classes.</summary>
    private static Tensor SmoothCrossEntropy(
        Tensor scores, Tensor target, int dim, Tensor? weight, long ignoreIndex, LossReduction reduction)
    {
        var ignored = target.Eq(ignoreIndex);
        var losses = (-WeightedByClass(scores, weight, dim).Sum(dim)).MaskedFill(ignored, 0);
        if (reduction == LossReduction.None)
        {
            return losses;
        }

        if (reduction == LossReduction.Sum)
        {
            return losses.Sum();
        }

        var counts = ignored.LogicalNot().To(scores.DType);
        var shares = weight is null ? counts : counts * weight[target.MaskedFill(ignored, 0)];
        return losses.Sum() / shares.Sum();
    }

    private static Tensor WeightedByClass(Tensor scores, Tensor? weight, int dim)
    {
        if (weight is null)
        {
            return scores;
        }

        var sizes = new int[scores.Rank];
        Array.Fill(sizes, 1);
        sizes[dim] = -1;
        return scores * weight.Reshape(sizes);
    }
}
