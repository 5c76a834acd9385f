namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the first kind and order 1. Its derivative is half the sum of the orders 0 and 2 (NIST DLMF 10.29.1), in which
/// nothing is divided by x.
/// </summary>
public readonly struct I1 : IFunction<I1>
{
    /// <inheritdoc/>
    public static string Name => "i1";

    /// <inheritdoc/>
    public static string NodeName => "SpecialI1Backward0";

    /// <inheritdoc/>
    public static int Weight => 50;

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (double.IsInfinity(x))
        {
            return x;
        }

        // In two factors, so that only a result that is too large overflows.
        var half = Math.Exp(0.5 * Math.Abs(x));
        return I1e.Value(x) * half * half;
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.5) * (V.Call<I0>(x) + (V.Call<ScaledBesselI>(x, V.Of(2)) * V.Call<Exp>(V.Abs(x))));
}
