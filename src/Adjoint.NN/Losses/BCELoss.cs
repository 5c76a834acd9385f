namespace Adjoint.NN;

/// <summary>The cross-entropy of two classes as a module (<c>torch.nn.BCELoss</c>); see <c>Tensor.BinaryCrossEntropy</c>.</summary>
public sealed class BCELoss : Module
{
    private readonly Tensor? _weight;
    private readonly LossReduction _reduction;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="weight">Weights that broadcast to the input.</param>
    /// <param name="reduction">How elements are combined.</param>
    public BCELoss(Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        _reduction = reduction;
    }

    /// <summary>The loss.</summary>
    /// <param name="input">Probabilities.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.BinaryCrossEntropy(target, _weight, _reduction);
    }
}
