namespace Adjoint.Algebra;

/// <summary>
/// The error function of one number, by another way than the lanes go: the series of positive terms 2 / sqrt(pi) e^(-x^2) sum of 2^k x^(2k + 1) / (2k
/// + 1)!! up to 3, above it 1 minus a continued fraction (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14).
/// </summary>
internal static class ErrorFunction
{
    /// <summary>erf(x), within 3 ULP.</summary>
    public static double Erf(double x)
    {
        var size = Math.Abs(x);
        if (!(size < 3))
        {
            return double.IsNaN(x) ? x : Math.CopySign(size < 6 ? 1 - Complement(size) : 1, x);
        }

        if (size < 1e-9)
        {
            return 1.1283791670955126 * x;
        }

        var (sum, term) = (x, x);
        for (var k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= 2 * x * x / ((2 * k) + 1);
            sum += term;
        }

        return 1.1283791670955126 * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf(x) from 0.5 on, within 3 ULP. The fraction needs the more terms the smaller x is.</summary>
    public static double Complement(double x)
    {
        if (x > 28)
        {
            return 0;
        }

        var fraction = x;
        for (var k = 60 + (int)(250 / (x * x)); k > 0; k--)
        {
            fraction = x + (k / 2.0 / fraction);
        }

        var square = x * x;
        var lost = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(-square) * (1 - lost) / (fraction * 1.7724538509055160);
    }
}
