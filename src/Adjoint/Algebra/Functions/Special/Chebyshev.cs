using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// Sums of Chebyshev polynomials, by which special functions are computed piece by piece. The tables in the functions' files are interpolations in 34
/// digits with mpmath 1.3 at 32 to 80 Chebyshev points, cut off where a coefficient falls below 1e-18 of the largest.
/// </summary>
internal static class Chebyshev
{
    /// <summary>The sum of c[k] T_k(t) for t from -1 to 1 (C. Clenshaw, 1955).</summary>
    public static double Sum(ReadOnlySpan<double> c, double t)
    {
        double next = 0, afterNext = 0;
        var twice = t + t;
        for (var k = c.Length - 1; k > 0; k--)
        {
            (next, afterNext) = (Math.FusedMultiplyAdd(twice, next, c[k] - afterNext), next);
        }

        return Math.FusedMultiplyAdd(t, next, c[0] - afterNext);
    }

    /// <summary>e^(x^2 times a factor), which is a power of 2 with a sign, with the square's rounding error put back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ExpOfSquare(double x, double factor)
    {
        // Beyond 1e4 the result is 0 or infinite whatever the last bits are.
        var square = x * x;
        return square < 1e4
            ? Math.Exp(square * factor) * (1 + (Math.FusedMultiplyAdd(x, x, -square) * factor))
            : Math.Exp(square * factor);
    }

    /// <summary>sin(pi x), from the distance to the nearest whole number, which is exact.</summary>
    public static double SinPi(double x)
    {
        var near = Math.Round(x);
        var sin = Math.Sin(Math.PI * (x - near));
        return Math.IEEERemainder(near, 2) == 0 ? sin : -sin;
    }
}
