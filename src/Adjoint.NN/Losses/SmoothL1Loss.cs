namespace Adjoint.NN;

/// <summary>The absolute error that is smooth at zero as a module (<c>torch.nn.SmoothL1Loss</c>); see <c>Tensor.SmoothL1Loss</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
/// <param name="beta">Where squares become lines.</param>
public sealed class SmoothL1Loss(LossReduction reduction = LossReduction.Mean, double beta = 1) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.SmoothL1Loss(target, reduction, beta);
    }
}
