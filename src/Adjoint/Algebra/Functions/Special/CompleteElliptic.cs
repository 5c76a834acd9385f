namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// Complete elliptic integrals of the parameter m and their derivatives, by the arithmetic-geometric mean (NIST DLMF 19.8.5 and 19.8.6) of Taylor
/// polynomials in m.
/// </summary>
internal static class CompleteElliptic
{
    /// <summary>A derivative of the first kind, K(m) or, of the second kind, E(m).</summary>
    public static double Value(double m, int order, bool isSecond)
    {
        if (!(m < 1))
        {
            return m == 1 ? isSecond && order == 0 ? 1 : double.PositiveInfinity : double.NaN;
        }

        if (double.IsInfinity(m))
        {
            return isSecond && order == 0 ? double.PositiveInfinity : 0;
        }

        var variable = Jet.Variable(m, order);
        var a = Jet.Number(1, order);
        var b = Jet.Sqrt((-1 * variable) + 1);
        var sum = 0.5 * variable;
        var power = 1.0;
        for (var step = 0; step < 60; step++)
        {
            var c = 0.5 * (a - b);
            sum += power * (c * c);
            power *= 2;
            (a, b) = (0.5 * (a + b), Jet.Sqrt(a * b));
            if (Math.Abs(c[0]) <= 1e-9 * a[0] && Math.Abs(c[order]) <= 1e-9 * Math.Abs(a[order]) && step > order)
            {
                // One step more makes 1e-18 of it.
                c = 0.5 * (a - b);
                sum += power * (c * c);
                a = 0.5 * (a + b);
                break;
            }
        }

        var first = Jet.Number(0.5 * Math.PI, order) / a;
        return (isSecond ? first * ((-1 * sum) + 1) : first).Derivative(order);
    }
}
