namespace Adjoint.NN;

/// <summary>The soft margin loss as a module (<c>torch.nn.SoftMarginLoss</c>); see <c>Tensor.SoftMarginLoss</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
public sealed class SoftMarginLoss(LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">1 or -1 for each element.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.SoftMarginLoss(target, reduction);
    }
}
