namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The complementary error function times e^(x^2), which does not vanish where erfc does: a sum of Chebyshev polynomials in (x - 3.75) / (x + 3.75)
/// by 1 + 2 x for all positive x (M. Shepherd and J. Laframboise, 1981), and 2 e^(x^2) minus that of -x for the others.
/// </summary>
public readonly struct Erfcx : IFunction<Erfcx>
{
    /// <inheritdoc/>
    public static string Name => "erfcx";

    /// <inheritdoc/>
    public static string NodeName => "SpecialErfcxBackward0";

    /// <inheritdoc/>
    public static int Weight => 50;

    private static ReadOnlySpan<double> Positive =>
    [
        1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753, 0.009074997670705265,
        -0.002413163540417608, 0.0004907758365258086, -6.916973302501207e-05, 4.13902798607301e-06, 7.74038306619849e-07,
        -2.1886401049234397e-07, 1.076499946567091e-08, 4.521959811218287e-09, -7.754400208831351e-10, -6.318088340886684e-11,
        2.86879501093067e-11, 1.9455868545777367e-13, -9.654696748433437e-13, 3.2525481481487584e-14, 3.347811948286824e-14,
        -1.8645628804191328e-15, -1.2507950530686867e-15, 7.418235256641574e-17, 5.06814890481337e-17, -2.2370566592662484e-18,
        -2.1873429441362007e-18,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x < 0)
        {
            var grown = 2 * Chebyshev.ExpOfSquare(x, 1);
            return x < -7 ? grown : grown - Value(-x);
        }

        return x > 1e8 ? 0.56418958354775629 / x : Chebyshev.Sum(Positive, (x - 3.75) / (x + 3.75)) / (1 + (2 * x));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => (V.Of(2) * x * y) - V.Of(1.1283791670955126);
}
