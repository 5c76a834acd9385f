namespace Adjoint.NN;

/// <summary>
/// The hinge loss of several classes at once as a module (<c>torch.nn.MultiLabelMarginLoss</c>);
/// see <c>Tensor.MultilabelMarginLoss</c>.
/// </summary>
/// <param name="reduction">How rows are combined.</param>
public sealed class MultiLabelMarginLoss(LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The class numbers of each row, up to the first -1.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.MultilabelMarginLoss(target, reduction);
    }
}
