using Adjoint;
using static Adjoint.Transform;

namespace Transforms;

/// <summary>
/// The sensitivities of European call options under the model of Black and Scholes (1973), in float64: the price is written once, for one option; its
/// derivatives are Grad of Grad; Vmap gives them for a whole book. Compared with the closed forms.
/// </summary>
public static class OptionGreeks
{
    private const double Strike = 100;
    private const double Rate = 0.03;
    private const double Time = 0.75;

    public static void Run(Checks checks)
    {
        // First the derivative, then the batch: Vmap of Grad of Grad.
        var price = Vmap(Call);
        var delta = Vmap(Grad(Call, 0));
        var vega = Vmap(Grad(Call, 1));
        var gamma = Vmap(Grad(Grad(Call, 0), 0));
        var vanna = Vmap(Grad(Grad(Call, 0), 1));

        double[] spots = [60, 80, 95, 100, 105, 120, 150];
        double[] volatilities = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4];
        var (s, v) = (Tensor.FromArray(spots), Tensor.FromArray(volatilities));
        double[][] ours = [.. new[] { price(s, v), delta(s, v), gamma(s, v), vega(s, v), vanna(s, v) }.Select(greek => greek.ToArray<double>())];

        string[] names = ["price", "delta", "gamma", "vega", "vanna"];
        Console.WriteLine($"  {"spot",8} {"vol",6} {string.Join(' ', names.Select(name => $"{name,14}"))}");
        for (var i = 0; i < spots.Length; i++)
        {
            Console.WriteLine($"  {spots[i],8} {volatilities[i],6} {string.Join(' ', ours.Select(greek => $"{greek[i],14:F9}"))}");
        }

        for (var k = 0; k < names.Length; k++)
        {
            var worst = 0.0;
            for (var i = 0; i < spots.Length; i++)
            {
                var expected = ClosedForm(spots[i], volatilities[i])[k];
                worst = Math.Max(worst, Math.Abs(ours[k][i] - expected) / Math.Max(1, Math.Abs(expected)));
            }

            checks.That(worst < 1e-12, $"{names[k]}: the largest difference to the closed form is {worst:0.0e+00}");
        }

        // The order of derivatives makes no difference, and neither does the mode.
        var other = Vmap(Grad(Grad(Call, 1), 0))(s, v);
        checks.That((other - vanna(s, v)).Abs().Max().Item() < 1e-12, "vanna is the same the other way round");
        var forward = Vmap((Tensor spot, Tensor volatility) =>
            Jvp((Tensor a) => Grad(Call, 0)(spot, a), volatility, Tensor.Ones([], DType.Float64)).Tangent)(s, v);
        checks.That((forward - vanna(s, v)).Abs().Max().Item() < 1e-12, "vanna is the same by forward over reverse mode");
    }

    /// <summary>The price of one call.</summary>
    private static Tensor Call(Tensor spot, Tensor volatility)
    {
        var spread = volatility * Math.Sqrt(Time);
        var upper = ((spot / Strike).Log() + (Rate * Time)) / spread + (spread / 2);
        return (spot * Normal(upper)) - (Strike * Math.Exp(-Rate * Time) * Normal(upper - spread));
    }

    private static Tensor Normal(Tensor x) => 0.5 * (1 + (x / Math.Sqrt(2)).Erf());

    /// <summary>Price, delta, gamma, vega and vanna (J. Hull, Options, Futures, and Other Derivatives).</summary>
    private static double[] ClosedForm(double spot, double volatility)
    {
        var spread = volatility * Math.Sqrt(Time);
        var d1 = ((Math.Log(spot / Strike) + (Rate * Time)) / spread) + (spread / 2);
        var d2 = d1 - spread;
        var density = Math.Exp(-d1 * d1 / 2) / Math.Sqrt(2 * Math.PI);
        return
        [
            (spot * Distribution(d1)) - (Strike * Math.Exp(-Rate * Time) * Distribution(d2)),
            Distribution(d1),
            density / (spot * spread),
            spot * density * Math.Sqrt(Time),
            -density * d2 / volatility,
        ];
    }

    /// <summary>The normal distribution by its series 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + ...), which shares nothing
    /// with the library's error function.</summary>
    private static double Distribution(double x)
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
