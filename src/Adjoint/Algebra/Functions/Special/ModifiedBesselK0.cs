namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the second kind and order 0.
/// </summary>
public readonly struct ModifiedBesselK0 : IFunction<ModifiedBesselK0>
{
    /// <inheritdoc/>
    public static string Name => "k0";

    /// <inheritdoc/>
    public static int Weight => 70;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => x is > 0 and <= 1
        ? ScaledModifiedBesselK0.Near(x)
        : ScaledModifiedBesselK0.Value(x) * Math.Exp(-x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.Call<ModifiedBesselK1>(x);
}
