namespace Adjoint.NN;

/// <summary>The loss of triplets as a module (<c>torch.nn.TripletMarginLoss</c>); see <c>Tensor.TripletMarginLoss</c>.</summary>
/// <param name="margin">How much farther negative examples should be.</param>
/// <param name="p">The order of the norm.</param>
/// <param name="eps">What is added to differences.</param>
/// <param name="swap">Take the distance between both examples where it is smaller than that of the anchor and the negative one.</param>
/// <param name="reduction">How triplets are combined.</param>
public sealed class TripletMarginLoss(
    double margin = 1,
    double p = 2,
    double eps = 1e-6,
    bool swap = false,
    LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="anchor">The anchors.</param>
    /// <param name="positive">Examples that should be near.</param>
    /// <param name="negative">Examples that should be far.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor anchor, Tensor positive, Tensor negative)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return anchor.TripletMarginLoss(positive, negative, margin, p, eps, swap, reduction);
    }
}
