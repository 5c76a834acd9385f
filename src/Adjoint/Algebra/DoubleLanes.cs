using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>
/// exp, log, sin and cos of float64 lanes. The base library chooses between two ways for a whole vector, so that a last bit may depend on a neighbour; here
/// every lane goes its own way. The error is at most 1 ULP for exp and log, and 1 ULP for sin and cos of angles up to 2^30 in magnitude; larger angles
/// go to <see cref="Math"/> one by one. Special values are IEEE 754's.
/// </summary>
internal static class DoubleLanes
{
    /// <summary>Up to here the parts of pi/2 reduce an angle without visible error.</summary>
    private const double WidestAngle = 1 << 30;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // Beyond these limits the result is 0 or infinite by itself.
        var limited = L.Clamp(x, L.Of(-746), L.Of(710));
        var n = L.Round(limited * L.Of(1.4426950408889634));
        var r = L.Fma(n, L.Of(-6.93147180369123816490e-01), limited);
        r = L.Fma(n, L.Of(-1.90821492927058770002e-10), r);
        return L.Scale(L.Fma(Series<L, T>(r), r * r, r) + L.One, n);
    }

    /// <summary>
    /// (e^r - 1 - r) / r^2 for |r| up to ln(2)/2, by least squares with Lawson's weights in quadruple precision: e^r comes out within 4e-18 of itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Series<L, T>(L r)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var z = r * r;
        var w = z * z;
        var p = L.Fma(L.Of(2.5000061693698012e-08), r, L.Of(2.7630245002988343e-07));
        var q = L.Fma(L.Of(2.7557586355844323e-06), r, L.Of(2.4801493107592484e-05));
        q = L.Fma(q, z, L.Fma(L.Of(0.00019841269506618248), r, L.Of(0.0013888888943622579)));
        p = L.Fma(p, w, q);
        q = L.Fma(L.Of(0.0083333333334944353), r, L.Of(0.041666666666530183));
        q = L.Fma(q, z, L.Fma(L.Of(0.16666666666666413), r, L.Of(0.50000000000000111)));
        return L.Fma(p, w, q);
    }

    /// <summary>
    /// With x = 2^e (1 + f) and s = f / (2 + f): log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R)), where R(s^2) is the polynomial of Sun's <c>e_log.c</c> (FDLIBM).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var isTiny = L.Less(x, L.Of(2.2250738585072014e-308));
        var m = L.Split(L.Select(isTiny, x * L.Of(18014398509481984), x), out var e);
        e = L.Select(isTiny, e - L.Of(54), e);
        var isLow = L.Less(m, L.Of(0.70710678118654752));
        e = L.Select(isLow, e - L.One, e);
        var f = L.Select(isLow, m + m, m) - L.One;
        var s = f / (f + L.Of(2));
        var z = s * s;
        var p = L.Fma(L.Of(1.479819860511658591e-01), z, L.Of(1.531383769920937332e-01));
        p = L.Fma(p, z, L.Of(1.818357216161805012e-01));
        p = L.Fma(p, z, L.Of(2.222219843214978396e-01));
        p = L.Fma(p, z, L.Of(2.857142874366239149e-01));
        p = L.Fma(p, z, L.Of(3.999999999940941908e-01));
        p = L.Fma(p, z, L.Of(6.666666666666735130e-01));
        var half = L.Of(0.5) * f * f;
        var rest = L.Fma(s, L.Fma(p, z, half), e * L.Of(1.90821492927058770002e-10));
        var y = L.Fma(e, L.Of(6.93147180369123816490e-01), f - (half - rest));

        // Zero, negative numbers, infinity and NaN.
        var isFinite = L.And(L.Less(L.Zero, x), L.Less(x, L.Of(double.PositiveInfinity)));
        var special = L.Select(L.Equal(x, L.Zero), L.Of(double.NegativeInfinity), L.Select(L.Less(x, L.Zero), L.Of(double.NaN), x));
        return L.Select(isFinite, y, special);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sin<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var quarter = L.Round(size * L.Of(0.636619772367581343));
        var (sine, cosine) = Quarter<L, T>(size, quarter);
        var turn = quarter - (L.Of(4) * L.Floor(quarter * L.Of(0.25)));
        var isOdd = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(3)));
        var value = L.Select(isOdd, cosine, sine);
        value = L.Select(L.Less(L.Of(1.5), turn), -value, value);
        value = L.Select(L.Less(x, L.Zero), -value, L.Select(L.Equal(x, L.Zero), x, value));
        var isWide = L.Not(L.Less(size, L.Of(WidestAngle)));
        return L.Any(isWide) ? L.Select(isWide, L.WideSin(x), value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Cos<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var quarter = L.Round(size * L.Of(0.636619772367581343));
        var (sine, cosine) = Quarter<L, T>(size, quarter);
        var turn = quarter - (L.Of(4) * L.Floor(quarter * L.Of(0.25)));
        var isOdd = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(3)));
        var value = L.Select(isOdd, sine, cosine);
        var isNegative = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(2)));
        value = L.Select(isNegative, -value, value);
        var isWide = L.Not(L.Less(size, L.Of(WidestAngle)));
        return L.Any(isWide) ? L.Select(isWide, L.WideCos(x), value) : value;
    }

    /// <summary>Sine and cosine of what is left of an angle after whole quarters of a turn: the series of both, S. Moshier, Cephes, <c>sin.c</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (L Sine, L Cosine) Quarter<L, T>(L size, L quarter)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // The first step is exact: both terms are multiples of 2^-53, and the rest is below 1. What the second rounds away is the tail.
        var first = L.Fused(quarter, L.Of(-1.5707963267948966), size);
        var second = quarter * L.Of(6.123233995736766e-17);
        var below = L.Fused(quarter, L.Of(6.123233995736766e-17), -second);
        var r = first - second;
        var back = first - r;
        var tail = (first - (r + back)) + (back - second);
        tail = L.Fma(quarter, L.Of(1.4973849048591833e-33), tail - below);
        var z = r * r;
        var s = L.Fma(L.Of(1.58962301576546568060e-10), z, L.Of(-2.50507477628578072866e-8));
        s = L.Fma(s, z, L.Of(2.75573136213857245213e-6));
        s = L.Fma(s, z, L.Of(-1.98412698295895385996e-4));
        s = L.Fma(s, z, L.Of(8.33333333332211858878e-3));
        s = L.Fma(s, z, L.Of(-1.66666666666666307295e-1));
        s = r + L.Fma(s * z, r, tail);
        var c = L.Fma(L.Of(-1.13585365213876817300e-11), z, L.Of(2.08757008419747316778e-9));
        c = L.Fma(c, z, L.Of(-2.75573141792967388112e-7));
        c = L.Fma(c, z, L.Of(2.48015872888517045348e-5));
        c = L.Fma(c, z, L.Of(-1.38888888888730564116e-3));
        c = L.Fma(c, z, L.Of(4.16666666666665929218e-2));

        // 1 - z / 2 loses bits, which the difference brings back.
        var half = L.Of(0.5) * z;
        var w = L.One - half;
        c = w + (((L.One - w) - half) + L.Fma(z * z, c, -(r * tail)));
        return (s, c);
    }
}
