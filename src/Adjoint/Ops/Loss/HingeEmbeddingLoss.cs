namespace Adjoint;

/// <content>The hinge loss of distances.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The loss of distances x of pairs that belong together, where the target is 1, or not, where it is -1: x there and max(0, margin - x) here
    /// (<c>torch.nn.functional.hinge_embedding_loss</c>).
    /// </summary>
    /// <param name="target">1 or -1 for each element, broadcast.</param>
    /// <param name="margin">How far apart pairs should be that do not belong together.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor HingeEmbeddingLoss(Tensor target, double margin = 1, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        var zero = ZerosLike(this);
        var apart = Where(target.Ne(1), (margin - this).Clamp(min: 0), zero);
        return LossArguments.Reduced(apart + Where(target.Ne(-1), this, zero), reduction);
    }
}
