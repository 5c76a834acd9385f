namespace Adjoint.NN;

/// <summary>
/// The cross-entropy between scores and targets as a module (<c>torch.nn.CrossEntropyLoss</c>);
/// see <c>Tensor.CrossEntropy</c>.
/// </summary>
public sealed class CrossEntropyLoss : Module
{
    private readonly Tensor? _weight;
    private readonly long _ignoreIndex;
    private readonly LossReduction _reduction;
    private readonly double _labelSmoothing;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="ignoreIndex">A class number whose samples do not count.</param>
    /// <param name="reduction">How samples are combined.</param>
    /// <param name="labelSmoothing">From 0 to 1: how much of each target is spread evenly over all classes.</param>
    public CrossEntropyLoss(
        Tensor? weight = null,
        long ignoreIndex = -100,
        LossReduction reduction = LossReduction.Mean,
        double labelSmoothing = 0)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        (_ignoreIndex, _reduction, _labelSmoothing) = (ignoreIndex, reduction, labelSmoothing);
    }

    /// <summary>The loss.</summary>
    /// <param name="input">Raw scores; classes in dimension 1, or 0 for a single sample.</param>
    /// <param name="target">int64 class numbers (the input's shape without the class dimension), or probabilities of its shape.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.CrossEntropy(target, _weight, _ignoreIndex, _reduction, _labelSmoothing);
    }
}
