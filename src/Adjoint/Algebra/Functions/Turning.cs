using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// Sine, cosine and tangent by quarters of a turn: what is left of an angle after whole quarters is at most pi/4 in magnitude, where both have short
/// series,
/// and the number of quarters says which of them it is and with which sign. Precisions differ in the rest and the series only.
/// </summary>
internal static class Turning
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sin<Q, L, T>(L x)
        where Q : struct, IQuarter
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var turn = Quarters<Q, L, T>(size, out var sine, out var cosine);
        var isOdd = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(3)));
        var value = L.Select(isOdd, cosine, sine);
        value = L.Select(L.Less(L.Of(1.5), turn), -value, value);
        value = L.Select(L.Less(x, L.Zero), -value, L.Select(L.Equal(x, L.Zero), x, value));
        var isWide = L.Not(L.Less(size, L.Of(Q.WidestAngle)));
        return L.Any(isWide) ? L.Select(isWide, Lanes.Each<Sin, L, T>(x), value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Cos<Q, L, T>(L x)
        where Q : struct, IQuarter
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var turn = Quarters<Q, L, T>(size, out var sine, out var cosine);
        var isOdd = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(3)));
        var value = L.Select(isOdd, sine, cosine);
        var isNegative = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(2)));
        value = L.Select(isNegative, -value, value);
        var isWide = L.Not(L.Less(size, L.Of(Q.WidestAngle)));
        return L.Any(isWide) ? L.Select(isWide, Lanes.Each<Cos, L, T>(x), value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tan<Q, L, T>(L x)
        where Q : struct, IQuarter
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var turn = Quarters<Q, L, T>(size, out var sine, out var cosine);
        var isOdd = L.Or(L.Equal(turn, L.One), L.Equal(turn, L.Of(3)));
        var value = L.Select(isOdd, -cosine, sine) / L.Select(isOdd, sine, cosine);
        value = L.Select(L.Less(x, L.Zero), -value, L.Select(L.Equal(x, L.Zero), x, value));
        var isWide = L.Not(L.Less(size, L.Of(Q.WidestAngle)));
        return L.Any(isWide) ? L.Select(isWide, Lanes.Each<Tan, L, T>(x), value) : value;
    }

    /// <summary>How many quarters of a turn an angle holds beyond whole turns, from 0 to 3, and sine and cosine of what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Quarters<Q, L, T>(L size, out L sine, out L cosine)
        where Q : struct, IQuarter
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var quarter = L.Round(size * L.Of(0.636619772367581343));
        (sine, cosine) = Q.Rest<L, T>(size, quarter);
        return quarter - (L.Of(4) * L.Floor(quarter * L.Of(0.25)));
    }
}

/// <summary>What of sine and cosine depends on the precision.</summary>
internal interface IQuarter
{
    /// <summary>Up to here the parts of pi/2 reduce an angle without visible error; larger ones go to <see cref="Math"/> one by one.</summary>
    static abstract double WidestAngle { get; }

    /// <summary>Sine and cosine of an angle less a number of quarters of a turn.</summary>
    static abstract (L Sine, L Cosine) Rest<L, T>(L size, L quarter)
        where L : struct, ILane<L, T>
        where T : unmanaged;
}

/// <summary>Single precision: S. Moshier's Cephes approximations (<c>sinf.c</c>), and pi/2 in four parts.</summary>
internal readonly struct SingleQuarter : IQuarter
{
    public static double WidestAngle => 8192;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (L Sine, L Cosine) Rest<L, T>(L size, L quarter)
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

/// <summary>Double precision: the series of S. Moshier's Cephes, <c>sin.c</c>, and pi/2 in two parts with what rounding takes away.</summary>
internal readonly struct DoubleQuarter : IQuarter
{
    public static double WidestAngle => 1 << 30;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (L Sine, L Cosine) Rest<L, T>(L size, L quarter)
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
