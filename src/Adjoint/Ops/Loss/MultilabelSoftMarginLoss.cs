namespace Adjoint;

/// <content>The cross-entropy of several classes at once.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The mean over classes, the last dimension, of -y log(sigmoid(x)) - (1 - y) log(sigmoid(-x)), for rows that may have several classes
    /// (<c>torch.nn.functional.multilabel_soft_margin_loss</c>).
    /// </summary>
    /// <param name="target">1 for each class of a row and 0 for the others.</param>
    /// <param name="weight">Weights that broadcast to this shape.</param>
    /// <param name="reduction">How rows are combined.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The scores are not real.</exception>
    /// <exception cref="TensorIndexException">The scores have no dimension.</exception>
    public Tensor MultilabelSoftMarginLoss(Tensor target, Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        if (Rank == 0)
        {
            throw new TensorIndexException("Dimension specified as -1 but tensor has no dimensions. Scores have their classes in the last " +
                "dimension.");
        }

        var losses = -((target * LogSigmoid()) + ((1 - target) * (-this).LogSigmoid()));
        losses = weight is null ? losses : losses * weight;
        return LossArguments.Reduced(losses.Sum(-1) / (double)Layout.Sizes[^1], reduction);
    }
}
