namespace Adjoint.Tests.Sampling;

/// <summary>
/// Draws follow their distributions: against the distribution function, by A. Kolmogorov's and N. Smirnov's distance, which 20,000 draws exceed
/// 0.0138 once in a thousand times; seeds are fixed, so a test passes always or never.
/// </summary>
public class DistributionTests
{
    private const int Count = 20_000;
    private const double Distance = 0.0138;

    public static TheoryData<string> Continuous =>
        ["cauchy", "log_normal", "gamma 0.3", "gamma 4", "beta", "student", "laplace", "exponential", "normal", "quantile"];

    [Theory]
    [MemberData(nameof(Continuous))]
    public void TheDistributionFunctionFits(string name)
    {
        var g = new Generator(2024);
        Tensor Full(double value) => Tensor.Full([Count], value, DType.Float64);
        Tensor Empty() => Tensor.Empty([Count], DType.Float64);
        Func<Tensor, Tensor> normal = x => x.Ndtr();
        var (drawn, below) = name switch
        {
            "cauchy" => (Empty().Cauchy_(1, 2, g), x => ((x - 1) / 2).Atan() / Math.PI + 0.5),
            "log_normal" => (Empty().LogNormal_(0.5, 0.75, g), x => normal((x.Log() - 0.5) / 0.75)),
            "gamma 0.3" => (Tensor.StandardGamma(Full(0.3), g), x => Full(0.3).Igamma(x)),
            "gamma 4" => (Tensor.RandGamma(Full(4), Full(2), g), x => Full(4).Igamma(2 * x)),

            // Of a beta distribution with b = 1 the distribution function is x^a; with three degrees of freedom that of t is elementary.
            "beta" => (Tensor.RandBeta(Full(2.5), Full(1), g), x => x.Pow(2.5)),
            "student" => (
                Tensor.RandStudentT(Full(3), g),
                x => 0.5 + (((x / Math.Sqrt(3) / (1 + (x * x / 3))) + (x / Math.Sqrt(3)).Atan()) / Math.PI)),
            "laplace" => (Tensor.RandLaplace(Full(1), Full(2), g), x => 0.5 + (0.5 * (x - 1).Sign() * (1 - (-((x - 1).Abs() / 2)).Exp()))),
            "exponential" => (Tensor.RandExponential(Full(3), g), x => 1 - (-3 * x).Exp()),
            "normal" => (Tensor.Normal(Full(-1), Full(3), g), x => normal((x + 1) / 3)),
            _ => (
                ScalarCall.Again(new StandardGamma(true), Full(0.6), Tensor.Rand([Count], DType.Float64, g)),
                (Func<Tensor, Tensor>)(x => Full(0.6).Igamma(x))),
        };
        var heights = below(drawn.Sort().Values).ToArray<double>();
        var far = heights.Select((height, i) => Math.Max(Math.Abs(height - ((double)i / Count)), Math.Abs(height - ((i + 1.0) / Count)))).Max();
        Assert.InRange(far, 0, Distance);
    }

    public static TheoryData<string> Discrete =>
        ["geometric", "poisson 3", "poisson 25", "binomial 12", "binomial 100", "binomial 0.9", "quantile", "binomial quantile"];

    /// <summary>Means and variances: 5 standard errors, where that of a variance is at most that of these distributions with excess 3.</summary>
    [Theory]
    [MemberData(nameof(Discrete))]
    public void MeanAndVarianceFit(string name)
    {
        var g = new Generator(77);
        Tensor Full(double value) => Tensor.Full([Count], value, DType.Float64);
        var (drawn, mean, variance) = name switch
        {
            "geometric" => (Tensor.Empty([Count], DType.Float64).Geometric_(0.25, g), 4.0, 12.0),
            "poisson 3" => (Tensor.Poisson(Full(3), g), 3, 3),
            "poisson 25" => (Tensor.Poisson(Full(25), g), 25, 25),
            "binomial 12" => (Tensor.Binomial(Full(12), Full(0.25), g), 3, 2.25),
            "binomial 100" => (Tensor.Binomial(Full(100), Full(0.3), g), 30, 21),
            "binomial 0.9" => (Tensor.Binomial(Full(200), Full(0.9), g), 180, 18),
            "binomial quantile" => (ScalarCall.Again(new Binomial(true), Full(12), Full(0.25), Tensor.Rand([Count], DType.Float64, g)), 3, 2.25),
            _ => (ScalarCall.Again(new Poisson(true), Full(6.5), Tensor.Rand([Count], DType.Float64, g)), 6.5, 6.5),
        };
        var values = drawn.ToArray<double>();
        Assert.All(values, value => Assert.Equal(Math.Floor(value), value));
        Assert.Equal(mean, values.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, values.Sum(value => (value - mean) * (value - mean)) / Count, 5 * variance * Math.Sqrt(8.0 / Count));
    }

    /// <summary>The mean of x^2 is a (a + 1), whose derivative is 2 a + 1; the second derivative of the mean of x^3 is 6 a + 6.</summary>
    [Fact]
    public void ShapesGetGradients()
    {
        var a = Tensor.Full([Count], 2.5, DType.Float64).RequiresGrad_();
        var x = Tensor.StandardGamma(a, new Generator(5));
        Assert.Equal("StandardGammaBackward0", x.GradFn!.Name);
        var first = Autograd.Grad([x.Square().Sum()], [a], retainGraph: true)[0]!;
        Assert.Equal(6, first.Mean().Item(), 0.2);
        var slope = Autograd.Grad([x.Pow(3).Sum()], [a], createGraph: true)[0]!;
        Assert.Equal(21, Autograd.Grad([slope.Sum()], [a])[0]!.Mean().Item(), 1.5);
    }

    /// <summary>
    /// Means of distributions as functions of their parameters: a / (a + b), a / sum of a, and mean plus standard deviation times z.
    /// </summary>
    [Fact]
    public void ParametersGetGradients()
    {
        var a = Tensor.Full([Count], 2.0, DType.Float64).RequiresGrad_();
        var b = Tensor.Full([Count], 3.0, DType.Float64).RequiresGrad_();
        var beta = Autograd.Grad([Tensor.RandBeta(a, b, new Generator(6)).Sum()], [a, b]);
        Assert.Equal(3.0 / 25, beta[0]!.Mean().Item(), 0.005);
        Assert.Equal(-2.0 / 25, beta[1]!.Mean().Item(), 0.005);

        var z = Tensor.Normal(Tensor.ZerosLike(a), Tensor.OnesLike(a), new Generator(9));
        var normal = Tensor.Normal(a, b, new Generator(9));
        Assert.Equal((2 + (3 * z)).ToArray<double>(), normal.Detach().ToArray<double>(), (p, q) => Math.Abs(p - q) < 1e-12);
        Assert.Equal(z.ToArray<double>(), Autograd.Grad([normal.Sum()], [b])[0]!.ToArray<double>());

        var rate = Tensor.Scalar(4.0).RequiresGrad_();
        var poisson = Tensor.Poisson(rate.Expand(5), new Generator(3));
        Assert.Equal("PoissonBackward0", poisson.GradFn!.Name);
        Assert.Equal(0, Autograd.Grad([poisson.Sum()], [rate])[0]!.Item());
    }

    /// <summary>As seldom as a category weighs; without replacement none comes twice, and one without weight never.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CategoriesComeByTheirWeights(bool replacement)
    {
        var weights = Tensor.FromArray([1.0, 0, 3, 4]);
        var drawn = replacement
            ? weights.Multinomial(Count, replacement: true, new Generator(8)).ToArray<long>()
            : weights.Expand(Count, 4).Multinomial(1, generator: new Generator(8)).ToArray<long>();
        Assert.Equal(Count, drawn.Length);
        for (var category = 0; category < 4; category++)
        {
            Assert.Equal(weights[category].Item() / 8, drawn.Count(value => value == category) / (double)Count, 0.02);
        }

        Assert.DoesNotContain(1L, drawn);
        var three = weights.Expand(500, 4).Multinomial(3, generator: new Generator(1));
        Assert.Equal([500, 3], three.Shape.ToArray());
        Assert.All(Enumerable.Range(0, 500), row => Assert.Equal([0L, 2, 3], three[row].ToArray<long>().Order()));
    }

    [Fact]
    public void GumbelSoftmaxChooses()
    {
        var logits = Tensor.FromArray([1.0, 0.5, 0.25]).Log().Expand(Count, 3).Clone().RequiresGrad_();
        var hard = logits.GumbelSoftmax(0.5, hard: true, generator: new Generator(4));
        Assert.Equal([4.0 / 7, 2.0 / 7, 1.0 / 7], hard.Detach().Mean(0).ToArray<double>(), (a, b) => Math.Abs(a - b) < 0.02);
        Assert.All(hard.Detach().ToArray<double>(), value => Assert.True(Math.Abs(value) < 1e-12 || Math.Abs(value - 1) < 1e-12));
        var soft = logits.GumbelSoftmax(0.5, generator: new Generator(4));
        var weights = Tensor.FromArray([1.0, -2, 3]);
        Assert.Equal(
            Autograd.Grad([(soft * weights).Sum()], [logits])[0]!.ToArray<double>(),
            Autograd.Grad([(hard * weights).Sum()], [logits])[0]!.ToArray<double>());
        Assert.Equal(1, Tensor.Scalar(2.0).GumbelSoftmax(hard: true, dim: 0).Item(), 1e-12);
    }

    [Fact]
    public void ProbabilitiesOfTheirOwn()
    {
        var p = Tensor.FromArray([0.0, 0.25, 1]);
        var drawn = Tensor.Empty([Count, 3], DType.Float32).Bernoulli_(p, new Generator(11));
        Assert.Equal([0, 0.25, 1], drawn.Mean(0).ToArray<double>(), (a, b) => Math.Abs(a - b) < 0.02);
        var refused = Assert.Throws<TensorException>(() => Tensor.Empty([3]).Bernoulli_(p * 2));
        Assert.StartsWith("Expected p_in >= 0 && p_in <= 1", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Tensor.Empty([2]).Bernoulli_(p));
    }

    [Fact]
    public void WhatIsRefused()
    {
        var x = Tensor.Ones(3);
        Refused("cauchy_ expects sigma > 0.0, but found sigma=0", () => x.Cauchy_(0, 0));
        Refused("log_normal_ expects std > 0.0, but found std=-0.5", () => x.LogNormal_(0, -0.5));
        Refused("geometric_ expects p to be in (0, 1), but got p=1", () => x.Geometric_(1));
        Refused("invalid Poisson rate, expected rate to be non-negative", () => Tensor.Poisson(-x));
        Refused("normal expects all elements of std >= 0.0", () => Tensor.Normal(x, -x));
        Refused("cannot sample n_sample <= 0 samples", () => x.Multinomial(0));
        Refused("cannot sample n_sample > prob_dist.size(-1) samples without replacement", () => x.Multinomial(4));
        Refused("probability tensor contains either `inf`, `nan` or element < 0", () => (-x).Multinomial(1));
        Refused("invalid multinomial distribution (sum of probabilities <= 0)", () => (x * 0).Multinomial(1));
        Refused("prob_dist must be 1 or 2 dim", () => Tensor.Ones(1, 2, 3).Multinomial(1));
        Refused("multinomial only supports floating-point dtypes for input, got: Long", () => Tensor.FromArray([1L]).Multinomial(1));
        Refused("\"_standard_gamma\" not implemented for 'Long'", () => Tensor.StandardGamma(Tensor.FromArray([1L])));
        Refused("`concentration` parameter must be at least one-dimensional", () => Tensor.RandDirichlet(Tensor.Scalar(1.0)));
        Assert.Throws<ShapeException>(() => Tensor.RandGamma(x, Tensor.Ones(2)));
        Assert.Throws<ArgumentNullException>(() => Tensor.Poisson(null!));
        Assert.True(double.IsNaN(Tensor.Binomial(double.PositiveInfinity, 0.01).Item()));
        Assert.True(double.IsNaN(Tensor.StandardGamma(Tensor.Scalar(double.NaN)).Item()));

        static void Refused(string sentence, Action action) =>
            Assert.StartsWith(sentence, Assert.ThrowsAny<TensorException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>The same seed draws the same; a draw takes from the generator that it is given and from no other.</summary>
    [Fact]
    public void SeedsRepeat()
    {
        var parameters = Tensor.FromArray([0.5, 3, 40]);
        foreach (var draw in new Func<Generator, Tensor>[]
        {
            g => Tensor.StandardGamma(parameters, g), g => Tensor.Poisson(parameters, g), g => Tensor.Binomial((parameters * 2), 0.5, g),
            g => Tensor.RandDirichlet(parameters, g), g => Tensor.RandStudentT(parameters, g), g => Tensor.RandLaplace(0.0, parameters, g),
            g => parameters.Multinomial(2, generator: g), g => parameters.Multinomial(5, replacement: true, g),
            g => parameters.GumbelSoftmax(generator: g),
        })
        {
            Assert.Equal(draw(new Generator(42)).ToArray<double>(), draw(new Generator(42)).ToArray<double>());
        }
    }
}
