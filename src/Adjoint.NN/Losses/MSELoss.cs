namespace Adjoint.NN;

/// <summary>The mean squared error as a module (<c>torch.nn.MSELoss</c>); see <c>Tensor.MseLoss</c>.</summary>
/// <param name="reduction">How elements are combined.</param>
public sealed class MSELoss(LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The input.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.MseLoss(target, reduction);
    }
}
