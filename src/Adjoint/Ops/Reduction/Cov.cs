using Adjoint.Watching;

namespace Adjoint;

/// <content>Covariances and correlations.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The covariances of variables, which are rows, from observations, which are columns (<c>torch.cov</c>): a matrix, or the variance of one
    /// variable without dimensions.
    /// </summary>
    /// <param name="correction">What is taken off the number of observations that sums are divided by.</param>
    /// <param name="fweights">How often each observation occurs: whole numbers.</param>
    /// <param name="aweights">How much each observation counts: reals, through which gradients flow too.</param>
    /// <exception cref="ShapeException">There are more than two dimensions, or not as many weights as observations.</exception>
    /// <exception cref="DTypeException">Elements or weights are of another kind.</exception>
    /// <exception cref="TensorException">Weights are negative, or sum to zero.</exception>
    public Tensor Cov(int correction = 1, Tensor? fweights = null, Tensor? aweights = null)
    {
        if (Rank > 2)
        {
            throw new ShapeException($"cov(): expected input to have two or fewer dimensions but got an input with {Rank} dimensions");
        }

        if (DType == DType.Bool)
        {
            throw new DTypeException("cov(): bool dtype is not supported for input. Convert it with To(DType.Float32).");
        }

        var input = DType.IsFloatingPoint ? this : To(DType.DefaultReal);
        var x = Rank < 2 ? input.Reshape(1, -1) : input;
        var observations = x.Layout.Sizes[1];
        CheckWeights(fweights, observations, "fweights", isWhole: true);
        CheckWeights(aweights, observations, "aweights", isWhole: false);
        var weights = (fweights, aweights) switch
        {
            (null, null) => null,
            ({ } often, { } much) => often * much,
            _ => fweights ?? aweights,
        };
        var total = weights?.Sum();
        if (total is { IsStandIn: false } && total.Item() == 0)
        {
            throw new TensorException("cov(): weights sum to zero, can't be normalized");
        }

        var mean = (weights is null ? x : x * weights).Sum(1) / (total ?? observations);
        Tensor freedom = total is null ? observations - correction
            : aweights is not null && correction != 0 ? total - (correction * (weights! * aweights).Sum() / total)
            : total - correction;
        if (!freedom.IsStandIn && freedom.Item() <= 0)
        {
            Warnings.Raise("cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.");
            freedom = 0;
        }

        var centred = x - mean.Unsqueeze(1);
        var products = centred.Mm((weights is null ? centred : centred * weights).To(centred.DType).Transpose());
        return (products / freedom).Squeeze();
    }

    /// <summary>
    /// The correlation coefficients of variables, which are rows, from observations, which are columns (<c>torch.corrcoef</c>): covariances
    /// divided by both standard deviations, between -1 and 1.
    /// </summary>
    /// <exception cref="ShapeException">There are more than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor Corrcoef()
    {
        if (Rank > 2)
        {
            throw new ShapeException($"corrcoef(): expected input to have two or fewer dimensions but got an input with {Rank} dimensions");
        }

        var c = Cov();
        if (c.Rank == 0)
        {
            return c / c;
        }

        var variables = c.Layout.Sizes[0];
        var deviations = c.Reshape(-1).Slice(0, 0, null, variables + 1).Sqrt();
        return (c / deviations.Unsqueeze(1) / deviations.Unsqueeze(0)).Clamp(-1, 1);
    }

    private static void CheckWeights(Tensor? weights, int observations, string name, bool isWhole)
    {
        if (weights is null)
        {
            return;
        }

        if (weights.Rank > 1)
        {
            throw new ShapeException($"cov(): expected {name} to have one or fewer dimensions but got {name} with {weights.Rank} dimensions");
        }

        if (isWhole ? !weights.DType.IsInteger : !weights.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"cov(): expected {name} to have {(isWhole ? "integral" : "floating point")} dtype but got {name} with " +
                $"{weights.DType.ScalarName} dtype");
        }

        if (weights.Count != observations)
        {
            throw new ShapeException(
                $"cov(): expected {name} to have the same numel as there are observations in the input but got {weights.Count} != {observations}");
        }

        if (observations > 0 && !weights.IsStandIn && weights.Detach().Min().Item() < 0)
        {
            throw new TensorException($"cov(): {name} cannot be negative");
        }
    }
}
