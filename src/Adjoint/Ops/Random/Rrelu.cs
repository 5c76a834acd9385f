namespace Adjoint;

/// <content>The rectifier that leaks at random.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// x where it is positive, and elsewhere x times a slope: in training one that is drawn for each element from [lower, upper), outside of it their
    /// mean (<c>torch.nn.functional.rrelu</c>).
    /// </summary>
    /// <param name="lower">The least slope.</param>
    /// <param name="upper">The largest slope.</param>
    /// <param name="training">Whether slopes are drawn.</param>
    /// <exception cref="ArgumentException">The largest slope is less than the least.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor Rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false)
    {
        var x = LeakingWithin(lower, upper);
        return training ? x * DrawnSlopes(x, lower, upper) : x.LeakyRelu((lower + upper) / 2);
    }

    /// <summary><see cref="Rrelu"/>, in place.</summary>
    /// <param name="lower">The least slope.</param>
    /// <param name="upper">The largest slope.</param>
    /// <param name="training">Whether slopes are drawn.</param>
    /// <exception cref="ArgumentException">The largest slope is less than the least.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Rrelu_(double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false)
    {
        var x = LeakingWithin(lower, upper);
        return training ? x.Mul_(DrawnSlopes(x, lower, upper)) : x.LeakyRelu_((lower + upper) / 2);
    }

    private static Tensor DrawnSlopes(Tensor x, double lower, double upper) =>
        Where(x.Detach() > 0, 1, (RandLike(x.Detach()) * (upper - lower)) + lower);

    private Tensor LeakingWithin(double lower, double upper) => lower <= upper
        ? NearOne.Real(this, "rrelu_with_noise_out_cpu")
        : throw new ArgumentException(
            FormattableString.Invariant($"Lower bound should be less than or equal to the upper bound, but got {lower} and {upper}"),
            nameof(upper));
}
