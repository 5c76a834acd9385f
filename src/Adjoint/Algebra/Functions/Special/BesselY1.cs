namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Bessel function of the second kind and order 1: up to 8 the logarithm times that of the first kind and Chebyshev polynomials in x^2
/// (NIST DLMF 10.8), above a wave as <see cref="BesselJ1"/>. Infinite at 0, and NaN below.
/// </summary>
public readonly struct BesselY1 : IFunction<BesselY1>
{
    /// <inheritdoc/>
    public static string Name => "y1";

    /// <inheritdoc/>
    public static int Weight => 80;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> UpTo8 =>
    [
        0.0025380132357417816, -0.01608717304766875, -0.09591204536083074, 0.08445197259652346, -0.028328123944594365, 0.005289897544167113,
        -0.0006414551451326356, 5.505982873338744e-05, -3.53808001868935e-06, 1.7707804556154404e-07, -7.11055004989928e-09,
        2.344337905911516e-10, -6.4651518414115946e-12, 1.51429151205002e-13, -3.0511859694473254e-15, 5.34668038572867e-17,
        -8.224911372021585e-19,
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
            return BesselWaves.Second(1, x);
        }

        var regular = x * Chebyshev.Sum(UpTo8, (x * x / 32) - 1);
        return regular + (0.63661977236758134 * ((Math.Log(x) * BesselJ1.Value(x)) - (1 / x)));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<BesselY0>(x) - (y / x);
}
