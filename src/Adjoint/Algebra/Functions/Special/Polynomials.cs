namespace Adjoint.Algebra.Functions.Special;

/// <summary>The families of orthogonal polynomials.</summary>
internal enum PolynomialKind
{
    /// <summary>Chebyshev's of the first kind.</summary>
    ChebyshevT,

    /// <summary>Chebyshev's of the second kind.</summary>
    ChebyshevU,

    /// <summary>Chebyshev's of the third kind.</summary>
    ChebyshevV,

    /// <summary>Chebyshev's of the fourth kind.</summary>
    ChebyshevW,

    /// <summary>The first kind at 2 x - 1.</summary>
    ShiftedT,

    /// <summary>The second kind at 2 x - 1.</summary>
    ShiftedU,

    /// <summary>The third kind at 2 x - 1.</summary>
    ShiftedV,

    /// <summary>The fourth kind at 2 x - 1.</summary>
    ShiftedW,

    /// <summary>The physicist's of Hermite.</summary>
    HermiteH,

    /// <summary>The probabilist's of Hermite.</summary>
    HermiteHe,

    /// <summary>Laguerre's.</summary>
    LaguerreL,

    /// <summary>Legendre's.</summary>
    LegendreP,
}

/// <summary>
/// Orthogonal polynomials and their derivatives by the recurrence over the degree (NIST DLMF table 18.9.1), which holds for derivatives as well if x
/// is taken as a Taylor polynomial of first degree. Chebyshev's of large degrees have closed forms instead.
/// </summary>
internal static class Polynomials
{
    /// <summary>From this degree on Hermite's exceed float64, and PyTorch gives NaN.</summary>
    private const double MostHermite = 512;

    private const double Most = 1 << 24;

    /// <summary>
    /// A derivative of the polynomial of degree n, whose whole part counts; 0 for negative degrees, NaN where it would take too long.
    /// </summary>
    public static double Value(PolynomialKind kind, double x, double n, int order)
    {
        n = Math.Truncate(n);
        if (double.IsNaN(x) || double.IsNaN(n))
        {
            return double.NaN;
        }

        if (n < order || n < 0)
        {
            return 0;
        }

        if (kind is PolynomialKind.HermiteH or PolynomialKind.HermiteHe && n > MostHermite)
        {
            return double.NaN;
        }

        var scale = 1.0;
        if (kind is >= PolynomialKind.ShiftedT and <= PolynomialKind.ShiftedW)
        {
            kind -= PolynomialKind.ShiftedT - PolynomialKind.ChebyshevT;
            x = (2 * x) - 1;
            scale = Math.ScaleB(1, order);
        }

        if (order == 0 && n > 64 && kind <= PolynomialKind.ChebyshevW && Math.Abs(x) < 1)
        {
            return Wave(kind, Math.Acos(x), n);
        }

        return n > Most ? double.NaN : scale * Recur(kind, x, (int)n, order);
    }

    /// <summary>NIST DLMF 18.5.1 to 18.5.4.</summary>
    private static double Wave(PolynomialKind kind, double angle, double n) => kind switch
    {
        PolynomialKind.ChebyshevT => Math.Cos(n * angle),
        PolynomialKind.ChebyshevU => Math.Sin((n + 1) * angle) / Math.Sin(angle),
        PolynomialKind.ChebyshevV => Math.Cos((n + 0.5) * angle) / Math.Cos(0.5 * angle),
        _ => Math.Sin((n + 0.5) * angle) / Math.Sin(0.5 * angle),
    };

    /// <summary>p(k + 1) = (a x + b) p(k) - c p(k - 1), in Taylor coefficients.</summary>
    private static double Recur(PolynomialKind kind, double x, int n, int order)
    {
        Span<double> before = order < 32 ? stackalloc double[order + 1] : new double[order + 1];
        Span<double> value = order < 32 ? stackalloc double[order + 1] : new double[order + 1];
        before.Clear();
        value.Clear();
        value[0] = 1;
        for (var k = 0; k < n; k++)
        {
            var (a, b, c) = Step(kind, k);
            var slope = (a * x) + b;
            for (var i = order; i >= 0; i--)
            {
                var next = (slope * value[i]) - (c * before[i]) + (i > 0 ? a * value[i - 1] : 0);
                before[i] = value[i];
                value[i] = next;
            }
        }

        return value[order] * BesselJ.Factorial(order);
    }

    private static (double A, double B, double C) Step(PolynomialKind kind, int k) => kind switch
    {
        PolynomialKind.ChebyshevT => (k == 0 ? 1 : 2, 0, 1),
        PolynomialKind.ChebyshevU => (2, 0, 1),
        PolynomialKind.ChebyshevV => (2, k == 0 ? -1 : 0, 1),
        PolynomialKind.ChebyshevW => (2, k == 0 ? 1 : 0, 1),
        PolynomialKind.HermiteH => (2, 0, 2 * k),
        PolynomialKind.HermiteHe => (1, 0, k),
        PolynomialKind.LaguerreL => (-1.0 / (k + 1), (2.0 * k + 1) / (k + 1), (double)k / (k + 1)),
        _ => ((2.0 * k + 1) / (k + 1), 0, (double)k / (k + 1)),
    };
}
