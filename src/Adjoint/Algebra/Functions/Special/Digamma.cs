namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The logarithmic derivative of the gamma function: x minus its zero times a sum of Chebyshev polynomials from 1 to 2, brought there by the
/// recurrence below 10, the asymptotic series above (NIST DLMF 5.11.2), reflection for negative arguments (5.5.4). At 0 it is infinite with the
/// opposite sign of the zero, at the other poles NaN.
/// </summary>
public readonly struct Digamma : IFunction<Digamma>
{
    private const double Zero = 1.4616321449683622;
    private const double ZeroLow = 9.549995429965697e-17;

    /// <inheritdoc/>
    public static string Name => "digamma";

    /// <inheritdoc/>
    public static int Weight => 60;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    private static ReadOnlySpan<double> OneToTwo =>
    [
        0.983570260441567, -0.2270640863346444, 0.03336889902393011, -0.005320077271596548, 0.0008788656937820505, -0.00014773492650606044,
        2.5060543468359146e-05, -4.2721034029993324e-06, 7.302769272465923e-07, -1.2502886813559594e-07, 2.1425009322359472e-08,
        -3.673295918565179e-09, 6.299717236108931e-10, -1.080593028883266e-10, 1.853735192053638e-11, -3.18023536582553e-12,
        5.456147570322795e-13, -9.360993131036438e-14, 1.606064636295075e-14, -2.7555431377438815e-15, 4.727736178601912e-16,
        -8.11148420346509e-17, 1.391707769474154e-17, -2.3877901082188625e-18,
    ];

    /// <summary>B(2k) / 2k.</summary>
    private static ReadOnlySpan<double> Asymptotic =>
        [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x == 0)
        {
            return double.IsNegative(x) ? double.PositiveInfinity : double.NegativeInfinity;
        }

        if (x < 0)
        {
            var fraction = x - Math.Round(x);
            return fraction == 0 || double.IsInfinity(x) ? double.NaN : Value(1 - x) - (Math.PI / Math.Tan(Math.PI * fraction));
        }

        if (x >= 10)
        {
            var z = 1 / (x * x);
            var sum = 0.0;
            for (var k = Asymptotic.Length - 1; k >= 0; k--)
            {
                sum = Math.FusedMultiplyAdd(sum, z, Asymptotic[k]);
            }

            return Math.Log(x) - (0.5 / x) - (sum * z);
        }

        if (!(x > 0))
        {
            return x;
        }

        var moved = 0.0;
        if (x < 1)
        {
            moved = -1 / x;
            x += 1;
        }

        while (x > 2)
        {
            x -= 1;
            moved += 1 / x;
        }

        return moved + ((x - Zero - ZeroLow) * Chebyshev.Sum(OneToTwo, (2 * x) - 3));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Polygamma>(x, V.One);
}
