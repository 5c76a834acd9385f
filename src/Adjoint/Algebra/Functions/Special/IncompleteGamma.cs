namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), and derivatives of P against a. Below x = a + 1 the power series of
/// P (NIST DLMF 8.11.4), above Legendre's continued fraction of Q (8.9.2), for small x and a the series of Q; each of the two is computed where it is
/// small. Beyond a of 1e7, where these take long, the leading terms of N. Temme's uniform expansion (8.12), whose relative error is then below 1e-10.
/// </summary>
internal static class IncompleteGamma
{
    private const double Large = 1e7;

    /// <summary>A derivative of P against a.</summary>
    public static double Lower(double a, double x, int order)
    {
        if (order == 0)
        {
            return Special(a, x, isUpper: false) ?? (Starts(a, x) ? Series(a, x) : 1 - Upper(a, x));
        }

        if (!(a > 0) || !(x >= 0) || double.IsInfinity(a))
        {
            return double.NaN;
        }

        if (x == 0 || double.IsInfinity(x))
        {
            return 0;
        }

        return x < a + 1 ? SeriesOf(a, x, order) : -FractionOf(a, x, order);
    }

    /// <summary>Q.</summary>
    public static double Upper(double a, double x)
    {
        if (Special(a, x, isUpper: true) is { } known)
        {
            return known;
        }

        if (x > 1.1)
        {
            return x < a ? 1 - Series(a, x) : Fraction(a, x);
        }

        return x <= 0.5 ? (-0.4 < a * Math.Log(x) ? SmallUpper(a, x) : 1 - Series(a, x)) : x * 1.1 < a ? 1 - Series(a, x) : SmallUpper(a, x);
    }

    /// <summary>A derivative against a of the density x^(a - 1) e^-x / Gamma(a), which is that of P against x.</summary>
    public static double Density(double a, double x, int order)
    {
        if (!(a > 0) || !(x >= 0) || double.IsInfinity(a))
        {
            return double.NaN;
        }

        if (order == 0)
        {
            return double.IsInfinity(x) ? 0
                : x == 0 ? (a < 1 ? double.PositiveInfinity : a == 1 ? 1 : 0)
                : a < 1e-290 ? a * Math.Exp(-x) / x : Front(a, x) * (a / x);
        }

        return Jet.Exp((Math.Log(x) * (Jet.Variable(a, order) + -1)) - Jet.LogGamma(a, order) + -x).Derivative(order);
    }

    private static bool Starts(double a, double x) => x <= 1 || x <= a;

    /// <summary>The cases without a computation, as PyTorch has them, and the largest a.</summary>
    private static double? Special(double a, double x, bool isUpper)
    {
        if (double.IsNaN(a) || double.IsNaN(x) || a < 0 || x < 0)
        {
            return double.NaN;
        }

        double? lower = (a, x) switch
        {
            (0, 0) or (double.PositiveInfinity, double.PositiveInfinity) => double.NaN,
            (0, _) or (_, double.PositiveInfinity) => 1,
            (_, 0) or (double.PositiveInfinity, _) => 0,
            _ => null,
        };
        if (lower is null && a >= Large)
        {
            return Uniform(a, x, isUpper);
        }

        return isUpper ? 1 - lower : lower;
    }

    /// <summary>x^a e^-x / Gamma(a + 1), without the large numbers that cancel for large a.</summary>
    private static double Front(double a, double x)
    {
        if (a < 10)
        {
            return Math.Exp((a * Math.Log(x)) - x - LogGammaPlus(a));
        }

        return 0.39894228040143268 * Math.Exp((-a * Excess((x - a) / a)) - Lgamma.Rest(a)) / Math.Sqrt(a);
    }

    private static double LogGammaPlus(double a) => a < 1 ? Lgamma.OnePlus(a) : Lgamma.Value(a + 1);

    /// <summary>u - log(1 + u).</summary>
    private static double Excess(double u)
    {
        if (Math.Abs(u) > 0.3)
        {
            return u - Log1p.Value(u);
        }

        // With r = u / (2 + u) the logarithm is 2 (r + r^3 / 3 + ...), of which u - 2 r is u r.
        var r = u / (2 + u);
        var z = r * r;
        var sum = 0.0;
        for (var k = 31; k >= 3; k -= 2)
        {
            sum = (sum * z) + (1.0 / k);
        }

        return (u * r) - (2 * r * z * sum);
    }

    private static double Series(double a, double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var n = 1; term > 1e-17 * sum; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return Front(a, x) * sum;
    }

    /// <summary>1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)), by W. Lentz's method.</summary>
    private static double Fraction(double a, double x)
    {
        var front = Front(a, x);
        if (front == 0)
        {
            return 0;
        }

        var b = x + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var value = d;
        for (var n = 1; n < 100000; n++)
        {
            var factor = -n * (n - a);
            b += 2;
            d = 1 / Away((factor * d) + b);
            c = Away(b + (factor / c));
            var step = c * d;
            value *= step;
            if (Math.Abs(step - 1) < 1e-16)
            {
                break;
            }
        }

        return front * a * value;
    }

    private static double Away(double x) => Math.Abs(x) < 1e-300 ? 1e-300 : x;

    /// <summary>1 - x^a / Gamma(1 + a) and the rest of the power series, for small x.</summary>
    private static double SmallUpper(double a, double x)
    {
        var (sum, power) = (0.0, 1.0);
        for (var n = 1; n < 100; n++)
        {
            power *= -x / n;
            var term = power / (a + n);
            sum += term;
            if (Math.Abs(term) <= 1e-17 * Math.Abs(sum))
            {
                break;
            }
        }

        var log = (a * Math.Log(x)) - LogGammaPlus(a);
        return -Expm1.Value(log) - (a * Math.Exp(log) * sum);
    }

    private static double Uniform(double a, double x, bool isUpper)
    {
        var u = (x - a) / a;
        var eta = Math.CopySign(Math.Sqrt(2 * Excess(u)), u);
        var z = eta * Math.Sqrt(0.5 * a);
        var next = Math.Abs(u) < 1e-4 ? (-1.0 / 3) + (eta / 12) : (1 / u) - (1 / eta);
        var rest = 0.39894228040143268 * Math.Exp(-z * z) / Math.Sqrt(a) * next;
        var normal = Ndtr.Value((isUpper ? -z : z) * 1.4142135623730951);
        return isUpper ? normal + rest : normal - rest;
    }

    private static Jet FrontOf(double a, double x, int order, double more) =>
        Jet.Exp((Math.Log(x) * Jet.Variable(a, order)) - Jet.LogGamma(a + more, order) + -x);

    private static double SeriesOf(double a, double x, int order)
    {
        var variable = Jet.Variable(a, order);
        var (sum, term) = (Jet.Number(1, order), Jet.Number(1, order));
        for (var n = 1; Math.Abs(term[0]) > 1e-18 * sum[0] || Math.Abs(term[order]) > 1e-17 * Math.Abs(sum[order]); n++)
        {
            term = x * term / (variable + n);
            sum += term;
        }

        return (FrontOf(a, x, order, 1) * sum).Derivative(order);
    }

    private static double FractionOf(double a, double x, int order)
    {
        var variable = Jet.Variable(a, order);
        var shifted = -1 * variable;
        var last = 60 + (int)Math.Min((200 / x) + (10 * Math.Sqrt(a)), 100000);
        var below = shifted + (x + (2 * last) + 1);
        for (var n = last; n > 0; n--)
        {
            below = shifted + (x + (2 * n) - 1) - (n * (shifted + n) / below);
        }

        return (FrontOf(a, x, order, 0) / below).Derivative(order);
    }
}
