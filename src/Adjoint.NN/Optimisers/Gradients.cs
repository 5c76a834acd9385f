namespace Adjoint.NN;

/// <summary>What is done with all gradients of a model between the backward pass and the step (<c>torch.nn.utils.clip_grad</c>).</summary>
public static class Gradients
{
    /// <summary>Scales the gradients so that their norm, as if they were one vector, is at most a limit (<c>clip_grad_norm_</c>).</summary>
    /// <param name="parameters">Whose gradients are scaled; those without are passed over.</param>
    /// <param name="maxNorm">The limit.</param>
    /// <param name="normType">The order of the norm; infinity for the largest element.</param>
    /// <param name="errorIfNonfinite">Whether a norm that is NaN or infinite is an error. Otherwise gradients are scaled by it all the same.</param>
    /// <returns>The norm before.</returns>
    /// <exception cref="TensorException">The norm is not finite, and that is an error.</exception>
    public static double ClipGradNorm_(IEnumerable<Tensor> parameters, double maxNorm, double normType = 2, bool errorIfNonfinite = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (Autograd.NoGrad())
        {
            Tensor[] gradients = [.. Of(parameters)];
            var norm = TotalNorm(gradients, normType);
            if (errorIfNonfinite && !double.IsFinite(norm))
            {
                throw new TensorException(FormattableString.Invariant(
                    $"The total norm of order {normType} for gradients from `parameters` is non-finite, so it cannot be clipped. ") +
                    "Skip this step, or find where it came from with Diagnose.WatchNonFinite.");
            }

            var factor = maxNorm / (norm + 1e-6);
            if (!(factor >= 1))
            {
                foreach (var gradient in gradients)
                {
                    gradient.Mul_(factor);
                }
            }

            return norm;
        }
    }

    /// <summary>Limits each element of the gradients to between -clipValue and clipValue (<c>clip_grad_value_</c>).</summary>
    /// <param name="parameters">Whose gradients are limited; those without are passed over.</param>
    /// <param name="clipValue">The limit.</param>
    public static void ClipGradValue_(IEnumerable<Tensor> parameters, double clipValue)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (Autograd.NoGrad())
        {
            foreach (var gradient in Of(parameters))
            {
                gradient.Copy_(gradient.Clamp(-clipValue, clipValue));
            }
        }
    }

    /// <summary>The norm of gradients as if they were one vector (<c>get_total_norm</c>).</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="normType">The order; infinity for the largest element.</param>
    public static double TotalNorm(IEnumerable<Tensor> gradients, double normType = 2)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        double total = 0;
        using (Autograd.NoGrad())
        {
            foreach (var gradient in gradients)
            {
                ArgumentNullException.ThrowIfNull(gradient, nameof(gradients));
                if (gradient.Count == 0)
                {
                    continue;
                }

                var part = double.IsPositiveInfinity(normType) ? gradient.Abs().Max().Item()
                    : normType == 2 ? (gradient * gradient).Sum().Item()
                    : gradient.Abs().Pow(normType).Sum().Item();
                total = !double.IsPositiveInfinity(normType) ? total + part : double.IsNaN(part) || part > total ? part : total;
            }
        }

        return double.IsPositiveInfinity(normType) ? total : normType == 2 ? Math.Sqrt(total) : Math.Pow(total, 1 / normType);
    }

    private static IEnumerable<Tensor> Of(IEnumerable<Tensor> parameters) => parameters
        .Select(parameter => (parameter ?? throw new ArgumentNullException(nameof(parameters))).Grad).OfType<Tensor>();
}
