namespace Adjoint.NN;

/// <summary>
/// The cross-entropy of two classes from scores as a module (<c>torch.nn.BCEWithLogitsLoss</c>);
/// see <c>Tensor.BinaryCrossEntropyWithLogits</c>.
/// </summary>
public sealed class BCEWithLogitsLoss : Module
{
    private readonly Tensor? _weight;
    private readonly LossReduction _reduction;
    private readonly Tensor? _posWeight;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="weight">Weights that broadcast to the input.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <param name="posWeight">Weights of the positive class.</param>
    public BCEWithLogitsLoss(Tensor? weight = null, LossReduction reduction = LossReduction.Mean, Tensor? posWeight = null)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        _posWeight = posWeight is null ? null : Buffer("pos_weight", posWeight);
        _reduction = reduction;
    }

    /// <summary>The loss.</summary>
    /// <param name="input">Scores.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.BinaryCrossEntropyWithLogits(target, _weight, _reduction, _posWeight);
    }
}
