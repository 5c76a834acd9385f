namespace Adjoint.NN;

/// <summary>Huber's loss as a module (<c>torch.nn.HuberLoss</c>); see <c>Tensor.HuberLoss</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
/// <param name="delta">Where squares become lines.</param>
public sealed class HuberLoss(LossReduction reduction = LossReduction.Mean, double delta = 1) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.HuberLoss(target, reduction, delta);
    }
}
