namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Bessel function of the first kind and order 0: up to 8 the factors of its first zeros and Chebyshev polynomials in x^2, above a wave with
/// a slowly changing amplitude and phase (NIST DLMF 10.17.3). Beyond 8 errors are relative to that amplitude.
/// </summary>
public readonly struct BesselJ0 : IFunction<BesselJ0>
{
    /// <inheritdoc/>
    public static string Name => "j0";

    /// <inheritdoc/>
    public static int Weight => 60;

    private static ReadOnlySpan<double> UpTo8 =>
    [
        1.0712343887468436, -0.042669348602952205, -0.7133682275575097, 0.1088752336654133, 0.04829757315715585, -0.01950163490404511,
        0.0033368340670345605, -0.0003557187922329152, 2.6750909459559975e-05, -1.5149811559390324e-06, 6.737404788123282e-08,
        -2.423946160122365e-09, 7.215977545099665e-11, -1.809487534268666e-12, 3.878091557537335e-14, -7.190309770381242e-16,
        1.1652354263077056e-17,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        var size = Math.Abs(x);
        if (!(size <= 8))
        {
            return BesselWaves.First(0, size);
        }

        var first = (size - 2.404825557695773 - -1.176691651530894e-16) * (size + 2.404825557695773);
        var second = (size - 5.520078110286311 - 8.088597146146722e-17) * (size + 5.520078110286311);
        return first / (8 + (size * size)) * (second / (8 + (size * size))) * Chebyshev.Sum(UpTo8, (size * size / 32) - 1);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -V.Call<BesselJ1>(x);
}
