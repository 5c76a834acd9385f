namespace Adjoint.NN;

/// <summary>The negative log-likelihood of classes as a module (<c>torch.nn.NLLLoss</c>); see <c>Tensor.NllLoss</c>.</summary>
public sealed class NLLLoss : Module
{
    private readonly Tensor? _weight;
    private readonly long _ignoreIndex;
    private readonly LossReduction _reduction;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="ignoreIndex">A class number whose samples do not count.</param>
    /// <param name="reduction">How samples are combined.</param>
    public NLLLoss(Tensor? weight = null, long ignoreIndex = -100, LossReduction reduction = LossReduction.Mean)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        (_ignoreIndex, _reduction) = (ignoreIndex, reduction);
    }

    /// <summary>The loss.</summary>
    /// <param name="input">Log-probabilities; classes in dimension 1, or 0 for a single sample.</param>
    /// <param name="target">int64 class numbers, the input's shape without the class dimension.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.NllLoss(target, _weight, _ignoreIndex, _reduction);
    }
}
