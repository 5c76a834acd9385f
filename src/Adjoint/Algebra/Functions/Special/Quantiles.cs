namespace Adjoint.Algebra.Functions.Special;

/// <summary>Quantiles of distributions that have no closed form, by bisection of their distribution functions.</summary>
internal static class Quantiles
{
    /// <summary>The number that a gamma variable of shape a and scale 1 does not exceed with probability u.</summary>
    public static double Gamma(double a, double u)
    {
        if (!(a > 0) || !(u >= 0) || double.IsInfinity(a))
        {
            return a == 0 ? 0 : double.NaN;
        }

        // In logarithms, because for small a most of the numbers are tiny; below e^-700 there is nothing but 0.
        double low = -700, high = Math.Log(a + 1);
        while (IncompleteGamma.Lower(a, Math.Exp(high), 0) < u && high < 700)
        {
            high += 1;
        }

        for (var step = 0; step < 64 && high - low > 1e-15 * Math.Abs(high); step++)
        {
            var middle = 0.5 * (low + high);
            (low, high) = IncompleteGamma.Lower(a, Math.Exp(middle), 0) < u ? (middle, high) : (low, middle);
        }

        return Math.Exp(high);
    }

    /// <summary>The least count k whose probability of not being exceeded is more than u.</summary>
    public static double Poisson(double rate, double u)
    {
        if (!(rate > 0) || double.IsInfinity(rate) || !(u >= 0))
        {
            return rate == 0 ? 0 : double.NaN;
        }

        double most = Math.Ceiling(rate) + 1;
        while (IncompleteGamma.Upper(most + 1, rate) <= u && most < 1e300)
        {
            most *= 2;
        }

        return Least(most, u, k => IncompleteGamma.Upper(k + 1, rate));
    }

    /// <summary>The least number of successes k whose probability of not being exceeded is more than u (NIST DLMF 8.17.5).</summary>
    public static double Binomial(double count, double p, double u)
    {
        if (!double.IsFinite(count) || double.IsNaN(p) || !(u >= 0))
        {
            return double.NaN;
        }

        count = Math.Floor(count);
        return count <= 0 || p <= 0 ? 0 : p >= 1 ? count : Least(count, u, k => k >= count ? 1 : IncompleteBeta.Value(count - k, k + 1, 1 - p, 0, 0));
    }

    /// <summary>The least whole number from 0 to the last one where a distribution function is above u.</summary>
    private static double Least(double last, double u, Func<double, double> distribution)
    {
        var below = -1.0;
        while (last - below > 1)
        {
            var middle = Math.Floor(0.5 * (below + last));
            if (middle <= below || middle >= last)
            {
                break;
            }

            (below, last) = distribution(middle) <= u ? (middle, last) : (below, middle);
        }

        return last;
    }
}
