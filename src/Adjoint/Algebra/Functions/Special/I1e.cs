namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// The modified Bessel function of the first kind and order 1 times e^-|x|: as order 0.
/// </summary>
public readonly struct I1e : IFunction<I1e>
{
    /// <inheritdoc/>
    public static string Name => "i1e";

    /// <inheritdoc/>
    public static string NodeName => "SpecialI1EBackward0";

    /// <inheritdoc/>
    public static int Weight => 40;

    /// <inheritdoc/>
    public static Domain Domain => Domain.NonZero;

    private static ReadOnlySpan<double> UpTo8 =>
    [
        0.27863492939341605, -0.17162090152220877, 0.054493294317377386, -0.009989690599527732, -0.003387887052309795, 0.004945319476747819,
        -0.003373199968950462, 0.0017695555478066621, -0.0007892367520714209, 0.0003113991353586689, -0.00011098970358636966,
        3.620598648707926e-05, -1.090881482432957e-05, 3.056801434638057e-06, -8.009978587389498e-07, 1.9716906904360218e-07,
        -4.576799514689336e-08, 1.0051944070687821e-08, -2.0949741571396406e-09, 4.154159427331038e-10, -7.855681177111594e-11,
        1.41972592821462e-11, -2.4568958226516582e-12, 4.078507665421902e-13, -6.505148251635197e-14, 9.984110242341122e-15,
        -1.4766063408898357e-15, 2.1071115905485388e-16, -2.9047170077866515e-17, 3.872623394384126e-18, -4.99864676640823e-19,
    ];

    private static ReadOnlySpan<double> From8 =>
    [
        0.38928811750914005, -0.009761097491361469, -0.00011058893876262371, -3.882564808877691e-06, -2.512236237870209e-07,
        -2.6314688468895196e-08, -3.835380385964237e-09, -5.589743462196584e-10, -1.8974958123505413e-11, 3.2526035830154884e-11,
        1.4125807436613782e-11, 2.0356285441470896e-12, -7.198551776245908e-13, -4.0835511110921974e-13, -2.1015418427726643e-14,
        4.272440016711951e-14, 1.0420276984128802e-14, -3.8144030724370075e-15, -1.8803547755107825e-15, 3.3082023109209285e-16,
        2.96262899764595e-16, -3.209525921993424e-17, -4.6503053684893586e-17, 4.414348323071708e-18, 7.517296310842105e-18,
        -9.314178867326884e-19, -1.242193275194891e-18,
    ];

    /// <inheritdoc/>
    public static double Value(double x)
    {
        var size = Math.Abs(x);
        var scaled = size <= 8
            ? size / (1 + size) * Chebyshev.Sum(UpTo8, (0.25 * size) - 1)
            : Chebyshev.Sum(From8, (16 / size) - 1) / Math.Sqrt(size);
        return Math.CopySign(scaled, x);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => (V.Of(0.5) * (V.Call<I0e>(x) + V.Call<ScaledBesselI>(x, V.Of(2)))) - (V.Sign(x) * y);
}
