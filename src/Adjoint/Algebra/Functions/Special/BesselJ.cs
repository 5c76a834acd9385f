namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Bessel function of the first kind, of x and the order n, which is whole: the recurrence from the orders 0 and 1 where x is larger than n, the
/// power series elsewhere (NIST DLMF 10.6.1, 10.2.2). NaN for orders beyond a million.
/// </summary>
public readonly struct BesselJ : IFunction2<BesselJ>
{
    private const double Most = 1 << 20;

    /// <inheritdoc/>
    public static string Name => "bessel_j";

    /// <inheritdoc/>
    public static int Weight => 100;

    /// <inheritdoc/>
    public static Domain DomainY => new(0, 4, 0, 1, 2, 3, 4);

    /// <inheritdoc/>
    public static double Value(double x, double y)
    {
        var n = Math.Floor(y);
        if (!(Math.Abs(n) <= Most) || double.IsNaN(x))
        {
            return double.NaN;
        }

        // Of a negative order, of a negative number: a sign where the order is odd.
        var order = (int)Math.Abs(n);
        var value = Positive(Math.Abs(x), order);
        return order % 2 == 1 && (n < 0 ^ double.IsNegative(x)) ? -value : value;
    }

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(0.5) * (V.Call<BesselJ>(x, y - V.One) - V.Call<BesselJ>(x, y + V.One));

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V DToConstant<V>(V x, double y, V z)
        where V : struct, IReal<V> => V.Of(0.5) * (V.Call<BesselJ>(x, V.Of(y - 1)) - V.Call<BesselJ>(x, V.Of(y + 1)));

    private static double Positive(double x, int n)
    {
        if (n == 0 || double.IsInfinity(x))
        {
            return BesselJ0.Value(x);
        }

        if (n == 1)
        {
            return BesselJ1.Value(x);
        }

        if (x > n)
        {
            var (before, value) = (BesselJ0.Value(x), BesselJ1.Value(x));
            for (var k = 1; k < n; k++)
            {
                (before, value) = (value, (2 * k / x * value) - before);
            }

            return value;
        }

        var half = 0.5 * x;
        var term = half == 0 ? 0 : n <= 20 ? Math.Pow(half, n) / Factorial(n) : Math.Exp((n * Math.Log(half)) - Lgamma.Value(n + 1.0));
        var sum = term;
        for (var k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= -half * half / ((double)k * (k + n));
            sum += term;
        }

        return sum;
    }

    internal static double Factorial(int n)
    {
        var product = 1.0;
        for (var k = 2; k <= n; k++)
        {
            product *= k;
        }

        return product;
    }
}
