namespace Adjoint.Algebra.Functions.Special;

/// <summary>
/// Bessel functions of the orders 0 and 1 from 8 on: root(2 / (pi x)) times P cos(x') - Q sin(x') for the first kind and P sin(x') + Q cos(x') for
/// the second, where x' is x less pi / 4 or 3 pi / 4 (NIST DLMF 10.17.3 and 10.17.4).
/// </summary>
internal static class BesselWaves
{
    private static ReadOnlySpan<double> P0 =>
    [
        0.9994603493475187, -0.0005365220468132117, 3.0751847875194745e-06, -5.1705945376060975e-08, 1.6306464635151382e-09,
        -7.86409137723707e-11, 5.168262387349193e-12, -4.3045788699253914e-13, 4.3265957431549404e-14, -5.069034095935236e-15,
        6.748072215733873e-16, -1.0011513723467786e-16, 1.6305919233744186e-17, -2.880866169482871e-18,
    ];

    private static ReadOnlySpan<double> Q0 =>
    [
        -0.015555854605337009, 6.838519942611649e-05, -7.414498411060647e-07, 1.7972457247968992e-08, -7.27191593686632e-10,
        4.2201219046687385e-11, -3.206747420996635e-12, 3.006145125351706e-13, -3.336328185322427e-14, 4.255225040245461e-15,
        -6.09993013164005e-16, 9.662128970303257e-17, -1.6686065214378146e-17, 3.1082440486738128e-18, -6.191115787358131e-19,
        1.3091448717219997e-19, -2.9211627152641643e-20,
    ];

    private static ReadOnlySpan<double> P1 =>
    [
        1.0009030408600137, 0.0008989898330859408, -3.987284300488908e-06, 6.177633960644299e-08, -1.8718907491063067e-09, 8.816898659582339e-11,
        -5.704863640395645e-12, 4.699195515230542e-13, -4.6842237839904895e-14, 5.452674896044717e-15, -7.221180842274018e-16,
        1.0667689114335412e-16, -1.7312313216116335e-17, 3.0492991197665872e-18,
    ];

    private static ReadOnlySpan<double> Q1 =>
    [
        0.04677778706953532, -9.62772354915708e-05, 9.138615257955454e-07, -2.0959781384083424e-08, 8.229193327650554e-10,
        -4.686363688176945e-11, 3.5152187949686082e-12, -3.2643156743279e-13, 3.5967765829165294e-14, -4.5612523950772974e-15,
        6.508282957783384e-16, -1.0269147531823243e-16, 1.7676355487764797e-17, -3.283451987298166e-18, 6.524081149589306e-19,
        -1.3765771484849935e-19,
    ];

    /// <summary>J0 or J1.</summary>
    public static double First(int order, double x)
    {
        var (p, q, sin, cos) = Parts(order, x);
        return (p * cos) - (q * sin);
    }

    /// <summary>Y0 or Y1.</summary>
    public static double Second(int order, double x)
    {
        var (p, q, sin, cos) = Parts(order, x);
        return (p * sin) + (q * cos);
    }

    private static (double P, double Q, double Sin, double Cos) Parts(int order, double x)
    {
        if (double.IsInfinity(x))
        {
            return default;
        }

        var w = 8 / x;
        var t = (2 * w * w) - 1;
        var size = 0.56418958354775629 / Math.Sqrt(x);
        var (sin, cos) = Math.SinCos(x);
        return order == 0
            ? (size * Chebyshev.Sum(P0, t), size * w * Chebyshev.Sum(Q0, t), sin - cos, cos + sin)
            : (size * Chebyshev.Sum(P1, t), size * w * Chebyshev.Sum(Q1, t), -sin - cos, sin - cos);
    }
}
