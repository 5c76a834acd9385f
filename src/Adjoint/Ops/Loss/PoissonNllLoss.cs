namespace Adjoint;

/// <content>The negative log-likelihood of counts.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The negative log-likelihood of counts y with the distribution of Poisson (<c>torch.nn.functional.poisson_nll_loss</c>): exp(x) - y x for
    /// logarithms x of rates, x - y log(x + eps) for rates.
    /// </summary>
    /// <param name="target">The counts, which broadcast.</param>
    /// <param name="logInput">The input holds logarithms of rates.</param>
    /// <param name="full">Add Stirling's approximation of log(y!), where counts are larger than 1.</param>
    /// <param name="eps">Keeps the logarithm of a rate of 0 finite.</param>
    /// <param name="reduction">How elements are combined.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor PoissonNllLoss(
        Tensor target, bool logInput = true, bool full = false, double eps = 1e-8, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(target);
        LossArguments.Check(reduction);
        var losses = logInput ? Exp() - (target * this) : this - (target * (this + eps).Log());
        if (full)
        {
            var stirling = (target * target.Log()) - target + (0.5 * (2 * Math.PI * target).Log());
            losses = losses + stirling.MaskedFill(target <= 1, 0);
        }

        return LossArguments.Reduced(losses, reduction);
    }
}
