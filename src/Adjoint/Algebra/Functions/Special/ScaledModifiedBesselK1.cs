namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the second kind and order 1 times e^x: logarithm and Chebyshev polynomials in x^2 up to 1 (NIST DLMF 10.31),
/// polynomials in 1 / x divided by the root of x above (10.40.2).
/// </summary>
public readonly struct ScaledModifiedBesselK1 : IFunction<ScaledModifiedBesselK1>
{
    /// <inheritdoc/>
    public static string Name => "k1e";

    /// <inheritdoc/>
    public static int Weight => 60;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> UpTo1 =>
    [
        1.0026281767424945, -0.003083723236156991, -0.005804734892139602, -9.343972776301848e-05, -6.069965988117248e-07,
        -2.1873666020987345e-09, -5.0508650435693515e-12, -8.137368933407484e-15, -9.682587180882787e-18,
    ];

    private static ReadOnlySpan<double> From1 =>
    [
        1.4532756675938414, 0.19051350202061165, -0.008406706460495654, 0.0008815363164514389, -0.000129995769583983, 2.3441638979785087e-05,
        -4.853489413610226e-06, 1.1139969511197356e-06, -2.772707643805077e-07, 7.37247184977708e-08, -2.0717892129028323e-08,
        6.103966549420336e-09, -1.873778917957349e-09, 5.963886884453419e-10, -1.96028004074301e-10, 6.632273899864202e-11,
        -2.3034250700407756e-11, 8.193082518369976e-12, -2.9786645069974164e-12, 1.1049772078983365e-12, -4.1763277431648047e-13,
        1.6061141914625803e-13, -6.277632672531289e-14, 2.4911830875182032e-14, -1.002779686252293e-14, 4.091059996919741e-15,
        -1.690331071434488e-15, 7.068360792264328e-16, -2.9895680121763374e-16, 1.2781913900252084e-16, -5.521491188037584e-17,
        2.4087033253210474e-17, -1.0606842599776099e-17, 4.712904181351423e-18, -2.112162909518146e-18,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (!(x > 0))
        {
            return x == 0 ? double.PositiveInfinity : double.NaN;
        }

        return x <= 1 ? Near(x) * Math.Exp(x) : Chebyshev.Sum(From1, (2 / x) - 1) / Math.Sqrt(x);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => y - V.Call<ScaledModifiedBesselK0>(x) - (y / x);

    /// <summary>K1(x) itself up to 1.</summary>
    internal static double Near(double x) => (Chebyshev.Sum(UpTo1, (2 * x * x) - 1) / x) + (Math.Log(0.5 * x) * I1.Value(x));
}
