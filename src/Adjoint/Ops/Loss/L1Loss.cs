namespace Adjoint;

/// <content>The mean absolute error.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The magnitudes of the differences between input and target, which broadcast (<c>torch.nn.functional.l1_loss</c>). Where they are equal, the
    /// slope is 0.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <param name="weight">Weights of the input's shape; the mean then divides by their sum.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The mean of whole numbers is asked for.</exception>
    public Tensor L1Loss(Tensor target, LossReduction reduction = LossReduction.Mean, Tensor? weight = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        var losses = (this - target).Abs();
        return weight is null ? LossArguments.Reduced(losses, reduction) : LossArguments.Weighted(losses, weight, this, reduction);
    }
}
