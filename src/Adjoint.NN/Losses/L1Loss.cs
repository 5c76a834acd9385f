namespace Adjoint.NN;

/// <summary>The mean absolute error as a module (<c>torch.nn.L1Loss</c>); see <c>Tensor.L1Loss</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
public sealed class L1Loss(LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.L1Loss(target, reduction);
    }
}
