using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace Finance;

/// <summary>
/// European calls under the model of F. Black and M. Scholes (1973), a whole book in one expression, and four Greeks of each option by one backward
/// pass: an option's price depends on its own inputs only, so the gradient of the sum has all of them.
/// </summary>
public static class BlackScholes
{
    private const int Options = 10_000;

    public static void Run(Checks checks)
    {
        // J. Hull, Options, Futures, and Other Derivatives, the example of the Black-Scholes chapter: 4.76.
        Tensor One(double x) => Tensor.FromArray([x]);
        var hull = Price((One(42), One(0.5), One(0.2), One(0.1)), One(40)).Item();
        checks.That(Math.Abs(hull - 4.76) < 0.005, $"Hull's example, 4.76: {hull:F4}");

        double[] Line(double from, double to, int period) =>
            [.. Enumerable.Range(0, Options).Select(i => from + ((to - from) * (i % period) / period))];
        var (s, t, v, r, k) = (Line(50, 150, 1000), Line(0.1, 2, 97), Line(0.1, 0.5, 53), Line(0, 0.05, 11), Line(60, 140, 777));
        var strikes = Tensor.FromArray(k);
        var (total, (delta, theta, vega, rho)) = ValueAndGrad<(Tensor, Tensor, Tensor, Tensor)>(book => Price(book, strikes).Sum())(
            (Tensor.FromArray(s), Tensor.FromArray(t), Tensor.FromArray(v), Tensor.FromArray(r)));

        double[][] ours = [.. new[] { delta, theta, vega, rho }.Select(greek => greek.ToArray<double>())];
        string[] names = ["delta", "theta", "vega", "rho"];
        var (sum, worst) = (0.0, new double[4]);
        for (var i = 0; i < Options; i++)
        {
            var (price, greeks) = ClosedForm(s[i], t[i], v[i], r[i], k[i]);
            sum += price;
            for (var g = 0; g < 4; g++)
            {
                worst[g] = Math.Max(worst[g], Math.Abs(ours[g][i] - greeks[g]) / Math.Max(1, Math.Abs(greeks[g])));
            }
        }

        checks.Near(sum, total.Item(), 1e-12, $"{Options} prices together");
        for (var g = 0; g < 4; g++)
        {
            checks.That(worst[g] < 1e-11, $"{names[g]}: the largest difference to the closed form is {worst[g]:0.0e+00}");
        }
    }

    /// <summary>Prices for spots, times to expiry, volatilities and rates.</summary>
    public static Tensor Price((Tensor Spot, Tensor Time, Tensor Volatility, Tensor Rate) book, Tensor strike)
    {
        var (s, t, v, r) = book;
        var spread = v * t.Sqrt();
        var upper = (((s / strike).Log() + (r * t)) / spread) + (spread / 2);
        return (s * Normal(upper)) - (strike * (-r * t).Exp() * Normal(upper - spread));
    }

    private static Tensor Normal(Tensor x) => 0.5 * (1 + (x / Math.Sqrt(2)).Erf());

    /// <summary>The price, and its derivatives by spot, time, volatility and rate (J. Hull, as above; his theta has the other sign).</summary>
    public static (double Price, double[] Greeks) ClosedForm(double s, double t, double v, double r, double k)
    {
        var spread = v * Math.Sqrt(t);
        var d1 = ((Math.Log(s / k) + (r * t)) / spread) + (spread / 2);
        var (first, second) = (Distribution(d1), Distribution(d1 - spread));
        var density = Math.Exp(-d1 * d1 / 2) / Math.Sqrt(2 * Math.PI);
        var discounted = k * Math.Exp(-r * t);
        return (
            (s * first) - (discounted * second),
            [
                first,
                (s * density * v / (2 * Math.Sqrt(t))) + (r * discounted * second),
                s * density * Math.Sqrt(t),
                discounted * t * second,
            ]);
    }

    /// <summary>The normal distribution by a series and, far from 0, a continued fraction: without the library's error function.</summary>
    public static double Distribution(double x)
    {
        if (Math.Abs(x) > 6)
        {
            // A continued fraction for the tail (Abramowitz and Stegun 26.2.14).
            var fraction = Math.Abs(x);
            for (var n = 60; n > 0; n--)
            {
                fraction = Math.Abs(x) + (n / fraction);
            }

            var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) / fraction;
            return x > 0 ? 1 - tail : tail;
        }

        var (sum, term) = (x, x);
        for (var n = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
