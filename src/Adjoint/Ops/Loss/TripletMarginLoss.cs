using System.Globalization;

namespace Adjoint;

/// <content>Losses of triplets.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// max(0, margin + d(a, p) - d(a, n)), where this tensor holds anchors a: they should be nearer to their positive than to their negative examples
    /// (<c>torch.nn.functional.triplet_margin_loss</c>). The distance d is that of <see cref="PairwiseDistance"/>.
    /// </summary>
    /// <param name="positive">Examples that should be near.</param>
    /// <param name="negative">Examples that should be far.</param>
    /// <param name="margin">How much farther.</param>
    /// <param name="p">The order of the norm.</param>
    /// <param name="eps">What is added to differences.</param>
    /// <param name="swap">Take the distance between both examples where it is smaller than that of the anchor and the negative one.</param>
    /// <param name="reduction">How triplets are combined.</param>
    /// <exception cref="ShapeException">The numbers of dimensions differ, or the shapes do not broadcast.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not positive.</exception>
    public Tensor TripletMarginLoss(
        Tensor positive,
        Tensor negative,
        double margin = 1,
        double p = 2,
        double eps = 1e-6,
        bool swap = false,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(positive);
        ArgumentNullException.ThrowIfNull(negative);
        if (Rank != positive.Rank || Rank != negative.Rank)
        {
            throw new ShapeException(
                "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: " +
                $"anchor {Rank}D, positive {positive.Rank}D, and negative {negative.Rank}D inputs.");
        }

        return TripletMarginWithDistanceLoss(positive, negative, (x, y) => x.PairwiseDistance(y, p, eps), margin, swap, reduction);
    }

    /// <summary>
    /// max(0, margin + d(a, p) - d(a, n)), where this tensor holds anchors a, for a distance of yours
    /// (<c>torch.nn.functional.triplet_margin_with_distance_loss</c>).
    /// </summary>
    /// <param name="positive">Examples that should be near.</param>
    /// <param name="negative">Examples that should be far.</param>
    /// <param name="distanceFunction">The distance of two tensors; <see cref="PairwiseDistance"/> if null.</param>
    /// <param name="margin">How much farther.</param>
    /// <param name="swap">Take the distance between both examples where it is smaller than that of the anchor and the negative one.</param>
    /// <param name="reduction">How triplets are combined.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not positive.</exception>
    public Tensor TripletMarginWithDistanceLoss(
        Tensor positive,
        Tensor negative,
        Func<Tensor, Tensor, Tensor>? distanceFunction = null,
        double margin = 1,
        bool swap = false,
        LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(positive);
        ArgumentNullException.ThrowIfNull(negative);
        LossArguments.Check(reduction);
        if (!(margin > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(margin), string.Create(CultureInfo.InvariantCulture, $"margin must be greater than 0, got {margin}"));
        }

        if (Rank != positive.Rank || Rank != negative.Rank)
        {
            throw new ShapeException(
                "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: " +
                $"anchor {Rank}D, positive {positive.Rank}D, and negative {negative.Rank}D inputs.");
        }

        var distance = distanceFunction ?? ((x, y) => x.PairwiseDistance(y));
        var (near, far) = (distance(this, positive), distance(this, negative));
        far = swap ? far.Minimum(distance(positive, negative)) : far;
        return LossArguments.Reduced((margin + near - far).Clamp(min: 0), reduction);
    }
}
