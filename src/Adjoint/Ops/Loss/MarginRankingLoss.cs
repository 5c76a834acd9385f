namespace Adjoint;

/// <content>The loss of pairs in the wrong order.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// max(0, margin - target * (x1 - x2)), where this tensor is x1: the first should be larger where the target is 1, and the second where it is -1
    /// (<c>torch.nn.functional.margin_ranking_loss</c>).
    /// </summary>
    /// <param name="input2">What this tensor is compared with.</param>
    /// <param name="target">1 or -1 for each pair.</param>
    /// <param name="margin">How much larger.</param>
    /// <param name="reduction">How pairs are combined.</param>
    /// <exception cref="ShapeException">The numbers of dimensions differ, or the shapes do not broadcast.</exception>
    public Tensor MarginRankingLoss(Tensor input2, Tensor target, double margin = 0, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(input2);
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        if (Rank != target.Rank || Rank != input2.Rank)
        {
            throw new ShapeException(
                $"margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: {(Shape)Layout.Sizes}, " +
                $"input2: {(Shape)input2.Layout.Sizes}, target: {(Shape)target.Layout.Sizes} .");
        }

        return LossArguments.Reduced(((-target * (this - input2)) + margin).Clamp(min: 0), reduction);
    }
}
