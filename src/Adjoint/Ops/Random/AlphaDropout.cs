namespace Adjoint;

/// <content>Dropout that keeps mean and variance under the scaled exponential unit.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Sets elements to the limit of <see cref="Selu"/> at random, and scales and shifts all of them so that mean 0 and variance 1 stay
    /// (<c>torch.nn.functional.alpha_dropout</c>; Klambauer and others, "Self-Normalizing Neural Networks", 2017, section 2). Outside of training the
    /// tensor itself.
    /// </summary>
    /// <param name="p">The share of elements.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor AlphaDropout(double p = 0.5, bool training = false, Generator? generator = null) =>
        AlphaDropped(this, Layout.Sizes, p, training, generator);

    /// <summary><see cref="AlphaDropout"/> of whole channels (<c>torch.nn.functional.feature_alpha_dropout</c>).</summary>
    /// <param name="p">The share of channels.</param>
    /// <param name="training">Whether to do anything.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="DTypeException">The elements are no reals.</exception>
    public Tensor FeatureAlphaDropout(double p = 0.5, bool training = false, Generator? generator = null)
    {
        if (Rank < 2)
        {
            throw new ShapeException("Feature dropout requires at least 2 dimensions in the input");
        }

        var channels = new int[Rank];
        Array.Fill(channels, 1);
        Layout.Sizes.AsSpan(0, 2).CopyTo(channels);
        return AlphaDropped(this, channels, p, training, generator);
    }

    private static Tensor AlphaDropped(Tensor x, ReadOnlySpan<int> shape, double p, bool training, Generator? generator)
    {
        // The limit of SELU for x to minus infinity: -scale * alpha. The scale a and the shift below keep mean and variance.
        const double Limit = -1.7580993408473766;
        CheckShare(p);
        if (!training || p == 0 || x.Layout.Count == 0)
        {
            return x;
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"result type Float can't be cast to the desired output type {x.DType.ScalarName}. Convert the tensor first: x.To(DType.Float32).");
        }

        if (p == 1)
        {
            return x * 0;
        }

        var a = 1 / Math.Sqrt(((Limit * Limit * p) + 1) * (1 - p));
        var kept = (RandomFill.Chosen(shape, x.DType, 1 - p, generator) > 0).To(x.DType);
        return (x * (kept * a)) + ((1 - kept) * (Limit * a)) - (Limit * a * p);
    }
}
