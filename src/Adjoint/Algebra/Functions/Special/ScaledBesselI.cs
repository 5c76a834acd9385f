namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the first kind times e^-|x|, of x and the order n, which is whole: the power series, whose terms are all positive,
/// or the asymptotic one (NIST DLMF 10.25.2, 10.40.1). For orders up to 25; NaN beyond.
/// </summary>
public readonly struct ScaledBesselI : IFunction2<ScaledBesselI>
{
    private const double Most = 25;

    /// <inheritdoc/>
    public static string Name => "scaled_bessel_i";

    /// <inheritdoc/>
    public static int Weight => 100;

    /// <inheritdoc/>
    public static Domain DomainX => Domain.NonZero;

    /// <inheritdoc/>
    public static Domain DomainY => new(0, 4, 0, 1, 2, 3, 4);

    /// <inheritdoc/>
    public static double Value(double x, double y)
    {
        var n = Math.Abs(Math.Floor(y));
        if (!(n <= Most) || double.IsNaN(x))
        {
            return double.NaN;
        }

        var size = Math.Abs(x);
        var value = size <= 20 + (n * n) ? Series(size, (int)n) : Asymptotic(size, n);
        return n % 2 == 1 && double.IsNegative(x) ? -value : value;
    }

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> =>
        (V.Of(0.5) * (V.Call<ScaledBesselI>(x, y - V.One) + V.Call<ScaledBesselI>(x, y + V.One))) - (V.Sign(x) * z);

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V DToConstant<V>(V x, double y, V z)
        where V : struct, IReal<V> =>
        (V.Of(0.5) * (V.Call<ScaledBesselI>(x, V.Of(y - 1)) + V.Call<ScaledBesselI>(x, V.Of(y + 1)))) - (V.Sign(x) * z);

    private static double Series(double x, int n)
    {
        var half = 0.5 * x;
        var term = Math.Pow(half, n) / BesselJ.Factorial(n);
        var sum = term;
        for (var k = 1; term > 1e-18 * sum; k++)
        {
            term *= half * half / (k * (k + n));
            sum += term;
        }

        return Math.Exp(-x) * sum;
    }

    private static double Asymptotic(double x, double n)
    {
        if (double.IsInfinity(x))
        {
            return 0;
        }

        var (sum, term) = (1.0, 1.0);
        for (var k = 1; Math.Abs(term) > 1e-17 * sum && k < 2 * x; k++)
        {
            var odd = (2 * k) - 1;
            term *= ((odd * odd) - (4 * n * n)) / (8 * k * x);
            sum += term;
        }

        return 0.39894228040143268 * sum / Math.Sqrt(x);
    }
}
