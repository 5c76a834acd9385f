namespace Adjoint.NN;

/// <summary>The negative log-likelihood of counts as a module (<c>torch.nn.PoissonNLLLoss</c>); see <c>Tensor.PoissonNllLoss</c>.</summary>
/// <param name="logInput">Inputs are logarithms of rates.</param>
/// <param name="full">Add Stirling's approximation, where counts are larger than 1.</param>
/// <param name="eps">Keeps the logarithm of a rate of 0 finite.</param>
/// <param name="reduction">How elements are combined.</param>
public sealed class PoissonNLLLoss(bool logInput = true, bool full = false, double eps = 1e-8, LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">Rates, or their logarithms.</param>
    /// <param name="target">The target.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.PoissonNllLoss(target, logInput, full, eps, reduction);
    }
}
