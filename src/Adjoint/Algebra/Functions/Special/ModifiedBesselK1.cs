namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the second kind and order 1.
/// </summary>
public readonly struct ModifiedBesselK1 : IFunction<ModifiedBesselK1>
{
    /// <inheritdoc/>
    public static string Name => "k1";

    /// <inheritdoc/>
    public static int Weight => 70;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => x is > 0 and <= 1
        ? ScaledModifiedBesselK1.Near(x)
        : ScaledModifiedBesselK1.Value(x) * Math.Exp(-x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.Call<ModifiedBesselK0>(x) - (y / x);
}
