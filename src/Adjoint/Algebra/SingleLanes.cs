using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>
/// exp, log, sin and cos of float32 lanes. The base library computes them by way of double and pays twice the width; these stay in single precision:
/// S. Moshier's Cephes approximations (<c>logf.c</c>, <c>sinf.c</c>) with fused multiply-adds, and for exp a polynomial whose largest relative error is least
/// (least squares with Lawson's weights, in quadruple precision). Polynomials are cut into pieces that do not wait for each other. Over all floats the error is at most 1.1 ULP for exp,
/// 0.9 for log, and 2.4 for sin and cos of angles up to 8192 in magnitude; larger angles go to <see cref="Math"/> one by one. Special values are IEEE 754's.
/// </summary>
internal static class SingleLanes
{
    /// <summary>Up to here four parts of pi/2 reduce an angle without visible error.</summary>
    private const double WidestAngle = 8192;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // Beyond these limits the result is 0 or infinite by itself. The polynomial is (e^r - 1 - r) / r^2.
        var limited = L.Clamp(x, L.Of(-105), L.Of(89));
        var n = L.Round(limited * L.Of(1.44269504088896341));
        var r = L.Fma(n, L.Of(-0.693359375), limited);
        r = L.Fma(n, L.Of(2.12194440e-4), r);
        var z = r * r;
        var p = L.Fma(L.Of(0.001381460191523494), z, L.Fma(L.Of(0.0083687152120083541), r, L.Of(0.041668387886815525)));
        p = L.Fma(p, z, L.Fma(L.Of(0.16666520645420135), r, L.Of(0.49999993448706259)));
        p = L.Fma(p, z, r) + L.One;
        return L.Scale(p, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var isTiny = L.Less(x, L.Of(1.17549435e-38));
        var normal = L.Select(isTiny, x * L.Of(8388608), x);
        var m = L.Split(normal, out var e);
        e = L.Select(isTiny, e - L.Of(23), e);
        var isLow = L.Less(m, L.Of(0.707106781186547524));
        e = L.Select(isLow, e - L.One, e);
        var f = L.Select(isLow, m + m, m) - L.One;
        var z = f * f;
        var p = L.Fma(L.Of(7.0376836292e-2), f, L.Of(-1.1514610310e-1));
        p = L.Fma(p, f, L.Of(1.1676998740e-1));
        p = L.Fma(p, f, L.Of(-1.2420140846e-1));
        p = L.Fma(p, f, L.Of(1.4249322787e-1));
        p = L.Fma(p, f, L.Of(-1.6668057665e-1));
        p = L.Fma(p, f, L.Of(2.0000714765e-1));
        p = L.Fma(p, f, L.Of(-2.4999993993e-1));
        p = L.Fma(p, f, L.Of(3.3333331174e-1));
        var y = f * z * p;
        y = L.Fma(e, L.Of(-2.12194440e-4), y);
        y = L.Fma(z, L.Of(-0.5), y);
        y = L.Fma(e, L.Of(0.693359375), f + y);

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

    /// <summary>Sine and cosine of what is left of an angle after whole quarters of a turn, at most pi/4 in magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (L Sine, L Cosine) Quarter<L, T>(L size, L quarter)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // Parts of pi/2 with 11 bits each: their products with up to 13 bits of quarters are exact, fused or not.
        var r = L.Fma(quarter, L.Of(-1.5703125), size);
        r = L.Fma(quarter, L.Of(-0.0004837512969970703), r);
        r = L.Fma(quarter, L.Of(-7.549533620476723e-08), r);
        r = L.Fma(quarter, L.Of(-2.5633440682570896e-12), r);
        var z = r * r;
        var s = L.Fma(L.Of(-1.9515295891e-4), z, L.Of(8.3321608736e-3));
        s = L.Fma(s, z, L.Of(-1.6666654611e-1));
        s = L.Fma(s * z, r, r);
        var c = L.Fma(L.Of(2.443315711809948e-5), z, L.Of(-1.388731625493765e-3));
        c = L.Fma(c, z, L.Of(4.166664568298827e-2));
        c = L.Fma(c * z, z, L.Fma(L.Of(-0.5), z, L.One));
        return (s, c);
    }
}
