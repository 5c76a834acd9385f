namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Bessel function of the second kind and order 0: up to 8 the logarithm times that of the first kind and Chebyshev polynomials in x^2
/// (NIST DLMF 10.8), above a wave as <see cref="BesselJ0"/>. Infinite at 0, and NaN below.
/// </summary>
public readonly struct BesselY0 : IFunction<BesselY0>
{
    /// <inheritdoc/>
    public static string Name => "y0";

    /// <inheritdoc/>
    public static int Weight => 80;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> UpTo8 =>
    [
        -0.03314611320328494, -0.2744743055297453, 0.17903431407718268, 0.26156734625504663, -0.17730201278114358, 0.04719668959576339,
        -0.007287962479552079, 0.0007531135932577742, -5.632079141056987e-05, 3.206532537654801e-06, -1.44072332740187e-07,
        5.248794787330516e-09, -1.5837552541812015e-10, 4.02633081830612e-12, -8.747341203310769e-14, 1.6434898714919468e-15,
        -2.6977881152566837e-17, 3.9032584173475982e-19,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (!(x > 0))
        {
            return x == 0 ? double.NegativeInfinity : double.NaN;
        }

        if (x > 8)
        {
            return BesselWaves.Second(0, x);
        }

        var regular = Chebyshev.Sum(UpTo8, (x * x / 32) - 1);
        return regular + (0.63661977236758134 * Math.Log(x) * BesselJ0.Value(x));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.Call<BesselY1>(x);
}
