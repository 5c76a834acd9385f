namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// Hurwitz' zeta function, the sum of (q + i)^-s over i from 0 on, and its derivatives against s: some terms one by one and the rest by Euler and
/// Maclaurin's formula (NIST DLMF 25.11.28). As in PyTorch it is infinite for s = 1 and NaN below; for negative q it is known for whole s only.
/// </summary>
internal static class HurwitzZeta
{
    /// <summary>B(2k) / (2k)!.</summary>
    private static ReadOnlySpan<double> Bernoulli =>
    [
        8.3333333333333333e-2, -1.3888888888888889e-3, 3.3068783068783069e-5, -8.2671957671957672e-7, 2.0876756987868099e-8, -5.2841901386874932e-10,
        1.3382536530684679e-11, -3.3896802963225829e-13, 8.5860620562778446e-15, -2.1748686985580619e-16,
        5.5090028283602295e-18, -1.3954464685812523e-19,
    ];

    /// <summary>The value.</summary>
    public static double Value(double s, double q)
    {
        if (s == 1)
        {
            return double.PositiveInfinity;
        }

        if (!(s > 1) || double.IsNaN(q))
        {
            return double.NaN;
        }

        if (q <= 0)
        {
            return NotPositive(s, q);
        }

        if (double.IsInfinity(s) || double.IsInfinity(q))
        {
            return q > 1 || double.IsInfinity(q) ? 0 : q == 1 ? 1 : double.PositiveInfinity;
        }

        var sum = 0.0;
        var a = q;
        for (var enough = 12 + (0.5 * s); a < enough; a++)
        {
            var term = Math.Pow(a, -s);
            sum += term;
            if (term <= 1e-18 * sum)
            {
                return sum;
            }
        }

        var last = Math.Pow(a, -s);
        sum += (0.5 * last) + (last * a / (s - 1));
        var factor = last / a * s;
        for (var k = 0; k < Bernoulli.Length; k++)
        {
            var term = Bernoulli[k] * factor;
            sum += term;
            if (Math.Abs(term) <= 1e-18 * sum)
            {
                break;
            }

            factor *= (s + (2 * k) + 1) / a * ((s + (2 * k) + 2) / a);
        }

        return sum;
    }

    /// <summary>The derivative of some order against s.</summary>
    public static double Derivative(double s, double q, int order)
    {
        if (order == 0)
        {
            return Value(s, q);
        }

        if (!(s > 1) || !(q > 0) || double.IsInfinity(s) || double.IsInfinity(q))
        {
            return double.NaN;
        }

        var variable = Jet.Variable(s, order);
        var sum = new Jet(order);
        var a = q;
        for (var enough = 12 + (0.5 * s) + order; a < enough; a++)
        {
            var term = Power(a);
            sum += term;
            if (s > 40 && Math.Abs(term[order]) <= 1e-18 * Math.Abs(sum[order]))
            {
                return sum.Derivative(order);
            }
        }

        var last = Power(a);
        sum += (0.5 * last) + (a * last / (variable + -1));
        var factor = (1 / a) * (last * variable);
        for (var k = 0; k < Bernoulli.Length; k++)
        {
            sum += Bernoulli[k] * factor;
            factor = (1 / (a * a)) * (factor * (variable + ((2 * k) + 1)) * (variable + ((2 * k) + 2)));
        }

        return sum.Derivative(order);

        Jet Power(double x) => Jet.Exp(-Math.Log(x) * variable);
    }

    /// <summary>The terms with negative bases, which are those of two other arguments with a sign, and the rest.</summary>
    private static double NotPositive(double s, double q)
    {
        var floor = Math.Floor(q);
        if (floor == q || double.IsInfinity(q))
        {
            return double.PositiveInfinity;
        }

        if (Math.Floor(s) != s)
        {
            return double.NaN;
        }

        var left = Value(s, floor + 1 - q) - Value(s, 1 - q);
        return Value(s, q - floor) + (Math.IEEERemainder(s, 2) == 0 ? left : -left);
    }
}
