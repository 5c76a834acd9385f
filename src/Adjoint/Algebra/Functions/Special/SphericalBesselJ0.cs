namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// sin(x) / x, the spherical Bessel function of the first kind and order 0; 1 at 0.
/// </summary>
public readonly struct SphericalBesselJ0 : IFunction<SphericalBesselJ0>
{
    /// <inheritdoc/>
    public static string Name => "spherical_j0";

    /// <inheritdoc/>
    public static int Weight => 30;

    /// <inheritdoc/>
    public static double Value(double x) => SphericalBesselJ.Value(x, 0);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.Call<SphericalBesselJ>(x, V.One);
}
