namespace Adjoint.NN;

/// <summary>The hinge loss of classes as a module (<c>torch.nn.MultiMarginLoss</c>); see <c>Tensor.MultiMarginLoss</c>.</summary>
public sealed class MultiMarginLoss : Module
{
    private readonly int _p;
    private readonly double _margin;
    private readonly Tensor? _weight;
    private readonly LossReduction _reduction;

    /// <summary>Makes the loss; weights belong to its state.</summary>
    /// <param name="p">1 or 2.</param>
    /// <param name="margin">How much larger the right score should be.</param>
    /// <param name="weight">A weight for each class.</param>
    /// <param name="reduction">How rows are combined.</param>
    public MultiMarginLoss(int p = 1, double margin = 1, Tensor? weight = null, LossReduction reduction = LossReduction.Mean)
    {
        _weight = weight is null ? null : Buffer("weight", weight);
        (_p, _margin, _reduction) = (p, margin, reduction);
    }

    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The class number of each row.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.MultiMarginLoss(target, _p, _margin, _weight, _reduction);
    }
}
