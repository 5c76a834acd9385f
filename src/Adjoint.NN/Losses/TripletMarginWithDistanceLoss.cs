using System.Globalization;

namespace Adjoint.NN;

/// <summary>
/// The loss of triplets with a distance of yours as a module (<c>torch.nn.TripletMarginWithDistanceLoss</c>); see
/// <c>Tensor.TripletMarginWithDistanceLoss</c>.
/// </summary>
public sealed class TripletMarginWithDistanceLoss : Module
{
    private readonly Func<Tensor, Tensor, Tensor> _distance;
    private readonly double _margin;
    private readonly bool _swap;
    private readonly LossReduction _reduction;

    /// <summary>Makes the loss.</summary>
    /// <param name="distanceFunction">The distance of two tensors; a <see cref="PairwiseDistance"/>, which is then a part of this module, if
    /// null.</param>
    /// <param name="margin">How much farther negative examples should be.</param>
    /// <param name="swap">Take the distance between both examples where it is smaller than that of the anchor and the negative one.</param>
    /// <param name="reduction">How triplets are combined.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not positive.</exception>
    public TripletMarginWithDistanceLoss(
        Func<Tensor, Tensor, Tensor>? distanceFunction = null,
        double margin = 1,
        bool swap = false,
        LossReduction reduction = LossReduction.Mean)
    {
        if (!(margin > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(margin),
                string.Create(CultureInfo.InvariantCulture, $"TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} " +
                    $"instead"));
        }

        _distance = distanceFunction ?? Child("distance_function", new PairwiseDistance()).Forward;
        (_margin, _swap, _reduction) = (margin, swap, reduction);
    }

    /// <summary>The loss.</summary>
    /// <param name="anchor">The anchors.</param>
    /// <param name="positive">Examples that should be near.</param>
    /// <param name="negative">Examples that should be far.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return anchor.TripletMarginWithDistanceLoss(positive, negative, _distance, _margin, _swap, _reduction);
    }
}
