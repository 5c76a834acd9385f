namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The spherical Bessel function of the first kind, of x and the order n, which is whole: the recurrence from the orders 0 and 1 where x is larger
/// than n + 1, the power series elsewhere (NIST DLMF 10.51.1, 10.53.1). 0 for negative orders, which the derivative only multiplies with 0.
/// </summary>
public readonly struct SphericalBesselJ : IFunction2<SphericalBesselJ>
{
    private const double Most = 1 << 20;

    /// <inheritdoc/>
    public static string Name => "spherical_j";

    /// <inheritdoc/>
    public static int Weight => 100;

    /// <inheritdoc/>
    public static Domain DomainY => new(0, 4, 0, 1, 2, 3, 4);

    /// <inheritdoc/>
    public static double Value(double x, double y)
    {
        var n = Math.Floor(y);
        if (!(n <= Most) || double.IsNaN(x))
        {
            return double.NaN;
        }

        if (n < 0)
        {
            return 0;
        }

        var value = Positive(Math.Abs(x), (int)n);
        return n % 2 == 1 && double.IsNegative(x) ? -value : value;
    }

    /// <summary>(n j(n - 1) - (n + 1) j(n + 1)) / (2 n + 1), in which nothing is divided by x (NIST DLMF 10.51.2).</summary>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var n = V.Call<Floor>(y);
        var sum = (n * V.Call<SphericalBesselJ>(x, n - V.One)) - ((n + V.One) * V.Call<SphericalBesselJ>(x, n + V.One));
        return sum / (n + n + V.One);
    }

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    private static double Positive(double x, int n)
    {
        if (double.IsInfinity(x))
        {
            return 0;
        }

        if (x > n + 1)
        {
            var (sin, cos) = Math.SinCos(x);
            var (before, value) = (cos / x, sin / x);
            for (var k = 0; k < n; k++)
            {
                (before, value) = (value, (((2 * k) + 1) / x * value) - before);
            }

            return value;
        }

        var term = 1.0;
        for (var k = 1; k <= n && term != 0; k++)
        {
            term *= x / ((2 * k) + 1);
        }

        var sum = term;
        for (var k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= -0.5 * x * x / (k * ((2.0 * (n + k)) + 1));
            sum += term;
        }

        return sum;
    }
}
