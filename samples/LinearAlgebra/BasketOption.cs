using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace LinearAlgebra;

/// <summary>
/// A call on a basket of three assets under the model of Black and Scholes, by simulation: the correlation matrix is factored by Cholesky, and one
/// backward pass gives all sensitivities, those to each correlation included. The geometric basket has a closed form (A. Kemna, A. Vorst, 1990: a
/// product of lognormal prices is lognormal), with which price and sensitivities agree within their statistical errors; the arithmetic one obeys
/// identities that hold path by path.
/// </summary>
/// <remarks>
/// Prints for the arithmetic basket: price 11.3288; by spots 0.1980, 0.2152 and 0.2045; by volatilities 10.99, 12.04 and 11.96; by correlations
/// 1.492, 1.414 and 1.951; by the rate 75.60, the time 4.445, the strike -0.5040.
/// </remarks>
public static class BasketOption
{
    private const double Strike = 100;
    private const int Batches = 20;
    private const int Paths = 10_000;

    private static readonly string[] Names =
    [
        "spot 1", "spot 2", "spot 3", "volatility 1", "volatility 2", "volatility 3", "correlation 12", "correlation 13", "correlation 23", "rate",
        "time", "strike",
    ];

    private static readonly double[] Market = [100, 95, 105, 0.2, 0.3, 0.25, 0.5, 0.2, 0.35, 0.03, 1.5, Strike];

    /// <summary>Where each of three correlations stands in the matrix.</summary>
    private static readonly Tensor Places = Tensor.FromArray(
        new double[] { 0, 1, 0, 1, 0, 0, 0, 0, 0, /* 13 */ 0, 0, 1, 0, 0, 0, 1, 0, 0, /* 23 */ 0, 0, 0, 0, 0, 1, 0, 1, 0 }, 3, 3, 3);

    public static void Run(Checks checks)
    {
        var generator = new Generator(7);
        Tensor[] draws = [.. Enumerable.Range(0, Batches).Select(_ => Tensor.Randn([Paths, 3], DType.Float64, generator))];

        var (price, sensitivities) = Simulate(draws, isGeometric: true);
        Console.WriteLine($"  {"geometric basket",-16} {"simulated",12} {"error",10} {"closed form",12}");
        Report(checks, "price", price, Geometric(Market));
        for (var i = 0; i < Names.Length; i++)
        {
            // The closed form in plain numbers, moved a little to either side.
            double[] up = [.. Market], down = [.. Market];
            var step = 1e-5 * Market[i];
            (up[i], down[i]) = (Market[i] + step, Market[i] - step);
            var place = i;
            Report(checks, Names[i], [.. sensitivities.Select(one => one[place])], (Geometric(up) - Geometric(down)) / (2 * step));
        }

        (price, sensitivities) = Simulate(draws, isGeometric: false);
        double[] mean = [.. Enumerable.Range(0, Names.Length).Select(i => sensitivities.Average(one => one[i]))];
        Console.WriteLine($"  arithmetic basket: {price.Average():F4}");
        Console.WriteLine($"    {string.Join(", ", Names.Zip(mean, (name, value) => $"{name} {value:F4}"))}");

        // The price is homogeneous in spots and strike, and depends on time through rate * time and volatility * sqrt(time).
        checks.Near(price.Average(), Enumerable.Range(0, 3).Sum(i => Market[i] * mean[i]) + (Strike * mean[11]), 1e-11, "homogeneous in money");
        var byTime = (Market[9] * mean[9]) + (0.5 * Enumerable.Range(3, 3).Sum(i => Market[i] * mean[i]));
        checks.Near(byTime, Market[10] * mean[10], 1e-11, "homogeneous in time");
        checks.That(Enumerable.Range(6, 3).All(i => mean[i] > 0), "higher correlations make the basket riskier, and the option dearer");
    }

    /// <summary>The discounted payoff, in the mean of some paths.</summary>
    private static Tensor Price(Tensor market, Tensor draws, bool isGeometric)
    {
        var (spots, volatilities, correlations) = (market.Narrow(0, 0, 3), market.Narrow(0, 3, 3), market.Narrow(0, 6, 3));
        var (rate, time, strike) = (market[9], market[10], market[11]);
        var matrix = Tensor.Eye(3, dtype: DType.Float64) + (correlations.Reshape(3, 1, 1) * Places).Sum(0);
        var correlated = draws.MatMul(Linalg.Cholesky(matrix).T);
        var logs = spots.Log() + ((rate - (0.5 * volatilities.Square())) * time) + (volatilities * time.Sqrt() * correlated);
        var basket = isGeometric ? logs.Mean(1).Exp() : logs.Exp().Mean(1);
        return (-rate * time).Exp() * (basket - strike).Relu().Mean();
    }

    /// <summary>Prices and sensitivities, one for each batch of paths, so that their spread says how exact the mean is.</summary>
    private static (double[] Prices, double[][] Sensitivities) Simulate(Tensor[] draws, bool isGeometric)
    {
        var all = draws.Select(some => ValueAndGrad((Tensor market) => Price(market, some, isGeometric))(Tensor.FromArray(Market))).ToArray();
        return ([.. all.Select(one => one.Value.Item())], [.. all.Select(one => one.Gradient.ToArray<double>())]);
    }

    private static void Report(Checks checks, string what, double[] found, double expected)
    {
        var mean = found.Average();
        var error = Math.Sqrt(found.Sum(x => (x - mean) * (x - mean)) / (found.Length * (found.Length - 1.0)));
        Console.WriteLine($"  {what,-16} {mean,12:F5} {error,10:F5} {expected,12:F5}");
        checks.That(Math.Abs(mean - expected) < 4 * error, $"{what} within four standard errors");
    }

    /// <summary>The price of the geometric basket.</summary>
    private static double Geometric(double[] m)
    {
        double[,] correlation = { { 1, m[6], m[7] }, { m[6], 1, m[8] }, { m[7], m[8], 1 } };
        var (time, rate) = (m[10], m[9]);
        var (variance, forward) = (0.0, 0.0);
        for (var i = 0; i < 3; i++)
        {
            forward += (Math.Log(m[i]) + ((rate - (m[3 + i] * m[3 + i] / 2)) * time)) / 3;
            for (var j = 0; j < 3; j++)
            {
                variance += m[3 + i] * m[3 + j] * correlation[i, j] * time / 9;
            }
        }

        var d2 = (forward - Math.Log(m[11])) / Math.Sqrt(variance);
        return Math.Exp(-rate * time) * ((Math.Exp(forward + (variance / 2)) * Normal(d2 + Math.Sqrt(variance))) - (m[11] * Normal(d2)));
    }

    /// <summary>The normal distribution by its series 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + ...).</summary>
    private static double Normal(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
