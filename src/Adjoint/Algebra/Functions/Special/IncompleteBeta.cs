namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The regularised incomplete beta function I_x(a, b) by its continued fraction (NIST DLMF 8.17.22), on the side where that is short, and its
/// derivatives against a and b: integrals of the derivatives of the density, by H. Takahasi and M. Mori's double exponential rule (1974) in the
/// logarithm of the variable. Errors of derivatives are some 1e-13 of the largest terms.
/// </summary>
internal static class IncompleteBeta
{
    /// <summary>The value, or a derivative of some order against a and another against b.</summary>
    public static double Value(double a, double b, double x, int orderA, int orderB)
    {
        if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1) || double.IsInfinity(a) || double.IsInfinity(b))
        {
            return double.NaN;
        }

        if (x is 0 or 1)
        {
            return orderA + orderB == 0 ? x : 0;
        }

        var isMirrored = x > (a + 1) / (a + b + 2);
        if (orderA + orderB == 0)
        {
            return isMirrored ? 1 - Fraction(b, a, 1 - x) : Fraction(a, b, x);
        }

        return isMirrored ? -Integral(b, a, 1 - x, orderB, orderA) : Integral(a, b, x, orderA, orderB);
    }

    /// <summary>The logarithm of the beta function; for large arguments without the numbers that cancel.</summary>
    public static double LogBeta(double a, double b)
    {
        var (small, large) = a < b ? (a, b) : (b, a);
        if (!(small >= 10) || double.IsInfinity(large))
        {
            return large >= 10 && small > 0 && double.IsFinite(large)
                ? Lgamma.Value(small) + Ratio(small, large)
                : Lgamma.Value(a) + Lgamma.Value(b) - Lgamma.Value(a + b);
        }

        // Stirling's formula three times (NIST DLMF 5.11.1).
        var sum = small + large;
        var main = (small * Math.Log(small / sum)) + (large * Log1p.Value(-small / sum));
        return main + (0.5 * (Math.Log(sum / small) - Math.Log(large))) + 0.91893853320467274
            + Lgamma.Rest(small) + Lgamma.Rest(large) - Lgamma.Rest(sum);
    }

    /// <summary>A derivative against a and b of the density x^(a - 1) (1 - x)^(b - 1) / B(a, b).</summary>
    public static double Density(double a, double b, double x, int orderA, int orderB)
    {
        if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1))
        {
            return double.NaN;
        }

        return new Terms(a, b, orderA, orderB).At(Math.Log(x), Log1p.Value(-x), -1, -1);
    }

    /// <summary>log Gamma(large) - log Gamma(large + small).</summary>
    private static double Ratio(double small, double large)
    {
        var sum = small + large;
        return (-(large - 0.5) * Log1p.Value(small / large)) - (small * (Math.Log(sum) - 1)) + Lgamma.Rest(large) - Lgamma.Rest(sum);
    }

    private static double Fraction(double a, double b, double x)
    {
        var front = Math.Exp((a * Math.Log(x)) + (b * Log1p.Value(-x)) - LogBeta(a, b)) / a;
        if (front == 0)
        {
            return 0;
        }

        double c = 1, d = 1 / Away(1 - ((a + b) * x / (a + 1)));
        var value = d;
        for (var m = 1; m < 100000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            var step = d * c;
            value *= step;
            if (Math.Abs(step - 1) < 1e-16)
            {
                break;
            }
        }

        return front * value;
    }

    private static double Away(double x) => Math.Abs(x) < 1e-300 ? 1e-300 : x;

    /// <summary>With t = x e^-v the integral from 0 to x is one over v from 0 to infinity, where v = e^(pi/2 sinh(s)).</summary>
    private static double Integral(double a, double b, double x, int orderA, int orderB)
    {
        var terms = new Terms(a, b, orderA, orderB);
        var log = Math.Log(x);
        const double step = 1.0 / 32;
        var sum = 0.0;
        for (var k = -5 * 32; k <= 5 * 32; k++)
        {
            var s = k * step;
            var v = Math.Exp(0.5 * Math.PI * Math.Sinh(s));
            var t = log - v;
            var weight = v * 0.5 * Math.PI * Math.Cosh(s);
            if (weight == 0 || double.IsInfinity(v) || a * t < -800)
            {
                continue;
            }

            // 1 - t with its digits: 1 - x, and what e^-v is below 1.
            var rest = (1 - x) - (x * Expm1.Value(-v));
            sum += weight * terms.At(t, Math.Log(rest), 0, -1);
        }

        return sum * step;
    }

    /// <summary>Derivatives of the density, in which only the logarithms of x and 1 - x change from place to place.</summary>
    private readonly struct Terms
    {
        private readonly double _a;
        private readonly double _b;
        private readonly int _orderA;
        private readonly int _orderB;
        private readonly double _logBeta;
        private readonly double[,] _slopes;

        public Terms(double a, double b, int orderA, int orderB)
        {
            (_a, _b, _orderA, _orderB) = (a, b, orderA, orderB);
            _logBeta = LogBeta(a, b);

            // Taylor coefficients of -log B in a and b.
            _slopes = new double[orderA + 1, orderB + 1];
            for (var i = 0; i <= orderA; i++)
            {
                for (var j = 0; j <= orderB; j++)
                {
                    if (i + j == 0)
                    {
                        continue;
                    }

                    var value = Polygamma.Value(a + b, i + j - 1);
                    value -= j == 0 ? Polygamma.Value(a, i - 1) : i == 0 ? Polygamma.Value(b, j - 1) : 0;
                    _slopes[i, j] = value / (BesselJ.Factorial(i) * BesselJ.Factorial(j));
                }
            }
        }

        /// <summary>The derivative where the logarithms of x and 1 - x are these; the powers a and b are changed by the last two numbers.</summary>
        public double At(double logX, double logRest, int moreA, int moreB)
        {
            var value = Math.Exp(((_a + moreA) * logX) + ((_b + moreB) * logRest) - _logBeta);
            if (_orderA + _orderB == 0 || value == 0)
            {
                return value;
            }

            // The exponential of the polynomial L: i E(i, j) = sum of p L(p, q) E(i - p, j - q), and likewise in j.
            var e = new double[_orderA + 1, _orderB + 1];
            e[0, 0] = value;
            for (var i = 0; i <= _orderA; i++)
            {
                for (var j = 0; j <= _orderB; j++)
                {
                    if (i + j == 0)
                    {
                        continue;
                    }

                    var sum = 0.0;
                    for (var p = 0; p <= i; p++)
                    {
                        for (var q = 0; q <= j; q++)
                        {
                            var slope = _slopes[p, q] + (p == 1 && q == 0 ? logX : 0) + (p == 0 && q == 1 ? logRest : 0);
                            sum += (i > 0 ? p : q) * slope * e[i - p, j - q];
                        }
                    }

                    e[i, j] = sum / (i > 0 ? i : j);
                }
            }

            return e[_orderA, _orderB] * BesselJ.Factorial(_orderA) * BesselJ.Factorial(_orderB);
        }
    }
}
