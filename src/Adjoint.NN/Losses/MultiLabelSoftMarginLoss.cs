namespace Adjoint.NN;

/// <summary>
/// The cross-entropy of several classes at once as a module (<c>torch.nn.MultiLabelSoftMarginLoss</c>);
/// see <c>Tensor.MultilabelSoftMarginLoss</c>.
/// </summary>
public sealed class MultiLabelSoftMarginLoss : Module
{
    private readonly Tensor? _weight;
    private readonly LossReduction _reduction;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="weight">Weights that broadcast to the input.</param>
    /// <param name="reduction">How rows are combined.</param>
    public MultiLabelSoftMarginLoss(Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        _reduction = reduction;
    }

    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">1 for each class of a row and 0 for the others.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.MultilabelSoftMarginLoss(target, _weight, _reduction);
    }
}
