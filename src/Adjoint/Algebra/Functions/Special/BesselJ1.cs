namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The Bessel function of the first kind and order 1, as order 0. Its derivative is half the difference of the orders 0 and 2 (NIST DLMF 10.6.1),
/// in which nothing is divided by x.
/// </summary>
public readonly struct BesselJ1 : IFunction<BesselJ1>
{
    /// <inheritdoc/>
    public static string Name => "j1";

    /// <inheritdoc/>
    public static int Weight => 60;

    private static ReadOnlySpan<double> UpTo8 =>
    [
        0.006173189496415542, -0.002167525528371568, -0.0017900255260234596, 0.0008278327187291608, -0.00016536141964473125,
        2.0271181403369695e-05, -1.7265627641428391e-06, 1.0932584332917483e-07, -5.378066853067349e-09, 2.121238332618967e-10,
        -6.870979409628767e-12, 1.8627020407516076e-13, -4.292049264624435e-15, 8.514543397577317e-17, -1.4701445843029039e-18,
        2.230092440410463e-20,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        var size = Math.Abs(x);
        if (!(size <= 8))
        {
            return double.IsNegative(x) ? -BesselWaves.First(1, size) : BesselWaves.First(1, size);
        }

        var first = (size - 3.8317059702075125 - -1.5269184090088067e-16) * (size + 3.8317059702075125);
        var second = (size - 7.015586669815619 - -9.414165653410389e-17) * (size + 7.015586669815619);
        return x * first * (second / (8 + (size * size))) * Chebyshev.Sum(UpTo8, (size * size / 32) - 1);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.5) * (V.Call<BesselJ0>(x) - V.Call<BesselJ>(x, V.Of(2)));
}
