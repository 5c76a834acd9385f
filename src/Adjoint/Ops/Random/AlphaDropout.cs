using Adjoint.Gate;
using Adjoint.Interpreters;

namespace Adjoint;

/// <content>Dropout that keeps the mean and the variance of what SELU gives.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Sets elements at random to what SELU gives far to the left, and scales and moves all so that mean 0 and variance 1 stay
    /// (<c>torch.nn.functional.alpha_dropout</c>; G. Klambauer et al., "Self-normalizing neural networks", 2017).
    /// </summary>
    /// <param name="p">The share of elements that are dropped.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AlphaDropout(double p = 0.5, bool training = false, Generator? generator = null) =>
        AlphaDropped(Layout.Sizes, p, training, generator);

    /// <summary><see cref="AlphaDropout"/> of whole channels, the second dimension (<c>torch.nn.functional.feature_alpha_dropout</c>).</summary>
    /// <param name="p">The share of channels that are dropped.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor FeatureAlphaDropout(double p = 0.5, bool training = false, Generator? generator = null)
    {
        if (training && Rank < 2)
        {
            throw new ShapeException("Feature dropout requires at least 2 dimensions in the input");
        }

        var shape = Layout.Sizes.ToArray();
        shape.AsSpan(Math.Min(2, Rank)).Fill(1);
        return AlphaDropped(shape, p, training, generator);
    }

    private Tensor AlphaDropped(ReadOnlySpan<int> shape, double p, bool training, Generator? generator)
    {
        CheckShare(p);
        if (!training || p == 0 || Layout.Count == 0)
        {
            return this;
        }

        if (p == 1)
        {
            return this * 0;
        }

        if (!DType.IsFloatingPoint)
        {
            throw RandomFill.NotReal(DType, "bernoulli_scalar_cpu_");
        }

        // SELU's scale times its alpha.
        const double Far = 1.7580993408473766;
        var scale = 1 / Math.Sqrt(((Far * Far * p) + 1) * (1 - p));
        var kept = Nesting.Random(shape, sizes => RandomFill.Ones(Empty(sizes, DType), 1 - p, generator));
        var moved = ((kept - 1) * (Far * scale)) + (Far * scale * p);
        return (this * (kept * scale)) + moved;
    }
}
