namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The inverse of the error function: up to 1/2 by Halley's method from its series (NIST DLMF 7.17.2), beyond by the quantile of the normal
/// distribution, for which 1 - x has all its digits.
/// </summary>
public readonly struct ErfInv : IFunction<ErfInv>
{
    /// <inheritdoc/>
    public static string Name => "erfinv";

    /// <inheritdoc/>
    public static string NodeName => "ErfinvBackward0";

    /// <inheritdoc/>
    public static int Weight => 200;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.95, 0.95);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Abs(x) switch
    {
        <= 0.5 => Near(x),
        < 1 => Math.CopySign(Ndtri.Tail(0.5 * (1 - Math.Abs(x))) * Ndtr.RootHalf, x),
        1 => Math.CopySign(double.PositiveInfinity, x),
        _ => double.NaN,
    };

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.88622692545275801) * V.Call<Exp>(y * y);

    /// <summary>The value for at most 1/2.</summary>
    internal static double Near(double x)
    {
        var z = x * x;
        var y = x * (0.88622692545275801 + (z * (0.23201366653465444 + (z * (0.12755617530559796 + (z * 0.086552129241547523))))));
        if (z < 1e-10)
        {
            return y;
        }

        for (var step = 0; step < 2; step++)
        {
            var off = (ErrorFunction.Erf(y) - x) * 0.88622692545275801 * Math.Exp(y * y);
            y -= off / (1 + (y * off));
        }

        return y;
    }
}
