namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The n-th derivative of digamma, of x and the whole number n: (-1)^(n + 1) n! zeta(n + 1, x) (NIST DLMF 5.15.1). Of a number n that is not whole
/// the whole number below counts, so that the derivative against n is 0; a negative n gives NaN.
/// </summary>
public readonly struct Polygamma : IFunction2<Polygamma>
{
    /// <inheritdoc/>
    public static string Name => "polygamma";

    /// <inheritdoc/>
    public static int Weight => 200;

    /// <inheritdoc/>
    public static Domain DomainX => Domain.Positive;

    /// <inheritdoc/>
    public static Domain DomainY => new(0, 4, 0, 1, 2, 3, 4);

    /// <inheritdoc/>
    public static double Value(double x, double y)
    {
        var n = Math.Floor(y);
        if (!(n >= 0) || double.IsNaN(x))
        {
            return double.NaN;
        }

        if (n == 0)
        {
            return Digamma.Value(x);
        }

        var zeta = HurwitzZeta.Value(n + 1, x);
        if (Math.IEEERemainder(n, 2) == 0)
        {
            zeta = -zeta;
        }

        if (n > 150)
        {
            return zeta == 0 || !double.IsFinite(zeta) ? zeta : Math.Sign(zeta) * Math.Exp(Lgamma.Value(n + 1) + Math.Log(Math.Abs(zeta)));
        }

        var factorial = 1.0;
        for (var k = 2; k <= n; k++)
        {
            factorial *= k;
        }

        return factorial * zeta;
    }

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Call<Polygamma>(x, y + V.One);

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V DToConstant<V>(V x, double y, V z)
        where V : struct, IReal<V> => V.Call<Polygamma>(x, V.Of(y + 1));
}
