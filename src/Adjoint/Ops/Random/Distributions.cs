using Adjoint.Interpreters;

namespace Adjoint;

/// <content>
/// Numbers from distributions whose parameters are tensors and get gradients, as with <c>rsample</c> of <c>torch.distributions</c>.
/// </content>
public sealed partial class Tensor
{
    /// <summary>
    /// Numbers from gamma distributions of scale 1, element by element (<c>torch._standard_gamma</c>). The shapes get gradients of every order by
    /// implicit differentiation of the distribution function.
    /// </summary>
    /// <param name="alpha">The shapes, called concentrations too.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="DTypeException">The shapes are no reals.</exception>
    public static Tensor StandardGamma(Tensor alpha, Generator? generator = null)
    {
        var shape = Sampled.Together("_standard_gamma", alpha);
        if (Sampled.IsFollowed(shape))
        {
            return ScalarCall.Again(new StandardGamma(IsQuantile: true), shape[0], Tensor.Rand(shape[0].Layout.Sizes, shape[0].DType, generator));
        }

        // What would be 0 for a tiny shape is the smallest number instead, so that its logarithm exists.
        var least = shape[0].DType == DType.Float64 ? 2.2250738585072014e-308 : 1.1754943508222875e-38;
        var drawn = Sampled.Each(shape, generator, (source, row) => Math.Max(source.Gamma(row[0]), least));
        return ScalarCall.Again(default(StandardGamma), shape[0], drawn);
    }

    /// <summary>Numbers from gamma distributions, element by element, broadcast (<c>torch.distributions.Gamma</c>), with gradients.</summary>
    /// <param name="concentration">The shapes.</param>
    /// <param name="rate">1 by the scales.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The parameters are no reals.</exception>
    public static Tensor RandGamma(Tensor concentration, Tensor rate, Generator? generator = null)
    {
        var both = Sampled.Together("_standard_gamma", concentration, rate);
        return StandardGamma(both[0], generator) / both[1];
    }

    /// <summary>
    /// Numbers from beta distributions, element by element, broadcast (<c>torch.distributions.Beta</c>), with gradients: x / (x + y) of two gamma
    /// variables.
    /// </summary>
    /// <param name="concentration1">What pulls towards 1, called alpha too.</param>
    /// <param name="concentration0">What pulls towards 0, called beta too.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The parameters are no reals.</exception>
    public static Tensor RandBeta(Tensor concentration1, Tensor concentration0, Generator? generator = null)
    {
        var both = Sampled.Together("_sample_dirichlet", concentration1, concentration0);
        return RandDirichlet(Tensor.Stack(both, -1), generator).Select(-1, 0);
    }

    /// <summary>
    /// Shares from Dirichlet distributions, which are positive and have the sum 1 along the last dimension (<c>torch.distributions.Dirichlet</c>),
    /// with gradients: gamma variables by their sum.
    /// </summary>
    /// <param name="concentration">The concentrations; the last dimension is one distribution.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="ShapeException">The concentrations have no dimension.</exception>
    /// <exception cref="DTypeException">The concentrations are no reals.</exception>
    public static Tensor RandDirichlet(Tensor concentration, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(concentration);
        if (concentration.Rank == 0)
        {
            throw new ShapeException(
                "`concentration` parameter must be at least one-dimensional. The last dimension is one distribution: concentration.Unsqueeze(0).");
        }

        var gamma = StandardGamma(concentration, generator);
        return gamma / gamma.Sum(-1, keepDim: true);
    }

    /// <summary>
    /// Numbers from Student's t distributions of location 0 and scale 1, element by element (<c>torch.distributions.StudentT</c>), with gradients: a
    /// normal number by the root of a chi-squared one by its degrees of freedom.
    /// </summary>
    /// <param name="df">The degrees of freedom.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="DTypeException">The degrees are no reals.</exception>
    public static Tensor RandStudentT(Tensor df, Generator? generator = null)
    {
        var half = Sampled.Together("_standard_gamma", df)[0] * 0.5;
        var normal = Tensor.Randn(half.Layout.Sizes, half.DType, generator);
        return normal * (half / StandardGamma(half, generator)).Sqrt();
    }

    /// <summary>
    /// Numbers from Laplace's distributions, element by element, broadcast (<c>torch.distributions.Laplace</c>), with gradients:
    /// loc - scale sign(u) log(1 - |u|) with u uniform between -1 and 1.
    /// </summary>
    /// <param name="loc">The means.</param>
    /// <param name="scale">The scales.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The parameters are no reals.</exception>
    public static Tensor RandLaplace(Tensor loc, Tensor scale, Generator? generator = null)
    {
        var both = Sampled.Together("check_uniform_bounds", loc, scale);
        var dtype = both[0].DType;
        var u = Nesting.Random(
            both[0].Layout.Sizes, sizes => RandomFill.Uniform(Tensor.Empty(sizes, dtype), dtype.Epsilon - 1, 1, generator));
        return both[0] - (both[1] * (u.Sign() * (-u.Abs()).Log1p()));
    }

    /// <summary>
    /// Numbers from exponential distributions, element by element (<c>torch.distributions.Exponential</c>), with gradients.
    /// </summary>
    /// <param name="rate">1 by the means.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="DTypeException">The rates are no reals.</exception>
    public static Tensor RandExponential(Tensor rate, Generator? generator = null)
    {
        var rates = Sampled.Together("exponential_", rate)[0];
        return Sampled.Exponential(rates.Layout.Sizes, rates.DType, generator) / rates;
    }

    /// <summary>
    /// Whole numbers from Poisson's distributions, element by element, in the rates' dtype (<c>torch.poisson</c>). As in PyTorch the rates get zeros
    /// as gradients.
    /// </summary>
    /// <param name="rate">The means.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="TensorException">A rate is negative.</exception>
    /// <exception cref="DTypeException">The rates are no reals.</exception>
    public static Tensor Poisson(Tensor rate, Generator? generator = null)
    {
        var rates = Sampled.Together("poisson_cpu", rate);
        if (Sampled.IsFollowed(rates))
        {
            return ScalarCall.Again(new Poisson(IsQuantile: true), rates[0], Tensor.Rand(rates[0].Layout.Sizes, rates[0].DType, generator));
        }

        Sampled.Check(rates[0], value => !(value < 0), "invalid Poisson rate, expected rate to be non-negative. Rates are means of counts.");
        return ScalarCall.Again(default(Poisson), rates[0], Sampled.Each(rates, generator, (source, row) => source.Poisson(row[0])));
    }

    /// <summary>
    /// Numbers of successes, element by element, broadcast, in the counts' and probabilities' dtype (<c>torch.binomial</c>). As in PyTorch the
    /// probabilities get zeros as gradients.
    /// </summary>
    /// <param name="count">How many trials there are.</param>
    /// <param name="prob">The probability of a success.</param>
    /// <param name="generator">Where the numbers come from; the default generator if null.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The parameters are no reals.</exception>
    public static Tensor Binomial(Tensor count, Tensor prob, Generator? generator = null)
    {
        var both = Sampled.Together("binomial_cpu", count, prob);
        if (Sampled.IsFollowed(both))
        {
            return ScalarCall.Again(
                new Binomial(IsQuantile: true), both[0], both[1], Tensor.Rand(both[0].Layout.Sizes, both[0].DType, generator));
        }

        var drawn = Sampled.Each(both, generator, (source, row) => source.Binomial(row[0], row[1]));
        return ScalarCall.Again(default(Binomial), both[0], both[1], drawn);
    }
}
