using System.Numerics;
using Adjoint;
using Transforms;
using static Adjoint.Transform;

namespace Finance;

/// <summary>
/// A European call under S. Heston's stochastic volatility (1993) by Monte Carlo, log-Euler steps with the variance cut at zero, and its
/// sensitivities to all eight inputs by one backward pass. Compared with Heston's integral and with central differences on the same paths.
/// </summary>
public static class Heston
{
    private const double Time = 1;
    private const int Steps = 50;
    private const int Pairs = 20_000;

    private static readonly string[] s_names =
        ["spot", "strike", "rate", "variance", "reversion", "mean variance", "volatility of variance", "correlation"];

    /// <summary>In the order of the names; 2 · 3 · 0.06 is four times 0.3², so that the variance stays away from 0 (Feller's condition).</summary>
    private static readonly double[] s_inputs = [100, 100, 0.02, 0.06, 3, 0.06, 0.3, -0.6];

    public static void Run(Checks checks)
    {
        // Each path has a twin with the opposite numbers.
        var normals = new Normals(7).Paths(2 * Steps, Pairs);
        var z = Tensor.Cat([normals, -normals], 1);
        var inputs = Tensor.FromArray(s_inputs);
        var gradient = Grad((Tensor p) => Price(p, z))(inputs);

        var expected = Integral(s_inputs);
        var estimate = Estimate.Of(normals, paths =>
        {
            var (value, slopes) = ValueAndGrad((Tensor p) => Price(p, paths))(inputs);
            return Tensor.Cat([value.Reshape(1), slopes]);
        });
        double At(int i, double shift, Func<double[], double> of)
        {
            double[] moved = [.. s_inputs];
            moved[i] += shift * Math.Max(1, Math.Abs(moved[i]));
            return of(moved);
        }

        double Slope(int i, double h, Func<double[], double> of) => (At(i, h, of) - At(i, -h, of)) / (2 * h * Math.Max(1, Math.Abs(s_inputs[i])));
        for (var i = 0; i < s_names.Length; i++)
        {
            var slope = Slope(i, 1e-6, p => Price(Tensor.FromArray(p), z).Item());
            checks.Near(slope, gradient[i].Item(), 1e-3, $"by {s_names[i]}: central difference on the same paths");
        }

        var off = estimate.Off(Tensor.FromArray([expected, .. Enumerable.Range(0, s_names.Length).Select(i => Slope(i, 1e-4, Integral))]));
        checks.That(off < 4, $"price and eight sensitivities: Heston's integral, at most {off:F1} standard errors off");
    }

    private static Tensor Price(Tensor inputs, Tensor z)
    {
        var p = inputs.Unbind();
        var (spot, strike, rate, variance, reversion, mean, volatility, correlation) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
        const double h = Time / Steps;
        var other = (1 - correlation.Square()).Sqrt();
        var log = spot.Log() + Tensor.Zeros([z.Shape[1]], DType.Float64);
        var v = variance + Tensor.Zeros([z.Shape[1]], DType.Float64);
        for (var step = 0; step < Steps; step++)
        {
            var (first, second) = (z[2 * step], z[(2 * step) + 1]);
            var now = v.ClampMin(1e-10);
            var spread = (now * h).Sqrt();
            log = log + ((rate - (0.5 * now)) * h) + (spread * first);
            v = v + (reversion * (mean - now) * h) + (volatility * spread * ((correlation * first) + (other * second)));
        }

        return (-rate * Time).Exp() * (log.Exp() - strike).ClampMin(0).Mean();
    }

    /// <summary>S P1 - K exp(-r T) P2 with both probabilities as integrals (Heston 1993), in the stable form of Albrecher et al. (2007).</summary>
    private static double Integral(double[] p)
    {
        var (spot, strike, rate, variance, reversion, mean, volatility, correlation) = (p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
        var square = volatility * volatility;
        double Probability(double u, double b)
        {
            double Integrand(double phi)
            {
                var i = Complex.ImaginaryOne * phi;
                var a = b - (correlation * volatility * i);
                var d = Complex.Sqrt((a * a) - (square * ((2 * u * i) - (phi * phi))));
                var g = (a - d) / (a + d);
                var decay = Complex.Exp(-d * Time);
                var c = (rate * i * Time) + (reversion * mean / square * (((a - d) * Time) - (2 * Complex.Log((1 - (g * decay)) / (1 - g)))));
                var f = Complex.Exp(c + ((a - d) / square * (1 - decay) / (1 - (g * decay)) * variance) + (i * Math.Log(spot / strike)));
                return (f / i).Real;
            }

            // Midpoints, which leave out the removable singularity at 0.
            const double width = 0.02;
            var sum = 0.0;
            for (var phi = width / 2; phi < 150; phi += width)
            {
                sum += Integrand(phi) * width;
            }

            return 0.5 + (sum / Math.PI);
        }

        return (spot * Probability(0.5, reversion - (correlation * volatility))) -
            (strike * Math.Exp(-rate * Time) * Probability(-0.5, reversion));
    }
}
