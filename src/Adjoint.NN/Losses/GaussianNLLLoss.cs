namespace Adjoint.NN;

/// <summary>
/// The negative log-likelihood of normal distributions as a module (<c>torch.nn.GaussianNLLLoss</c>);
/// see <c>Tensor.GaussianNllLoss</c>.
/// </summary>
/// <param name="full">Add the constant log(2 pi) / 2.</param>
/// <param name="eps">The least variance.</param>
/// <param name="reduction">How elements are combined.</param>
public sealed class GaussianNLLLoss(bool full = false, double eps = 1e-6, LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">The means.</param>
    /// <param name="target">The target.</param>
    /// <param name="var">The variances.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target, Tensor var)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.GaussianNllLoss(target, var, full, eps, reduction);
    }
}
