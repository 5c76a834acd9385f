namespace Adjoint.NN;

/// <summary>The divergence of Kullback and Leibler as a module (<c>torch.nn.KLDivLoss</c>); see <c>Tensor.KlDiv</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
/// <param name="logTarget">Targets are logarithms of probabilities.</param>
public sealed class KLDivLoss(LossReduction reduction = LossReduction.Mean, bool logTarget = false) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">Log-probabilities.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.KlDiv(target, reduction, logTarget);
    }
}
