namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the first kind and order 0.
/// </summary>
public readonly struct I0 : IFunction<I0>
{
    /// <inheritdoc/>
    public static string Name => "i0";

    /// <inheritdoc/>
    public static int Weight => 50;

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (double.IsInfinity(x))
        {
            return double.PositiveInfinity;
        }

        // In two factors, so that only a result that is too large overflows.
        var half = Math.Exp(0.5 * Math.Abs(x));
        return I0e.Value(x) * half * half;
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<I1>(x);
}
