using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// e^x - 1 without loss for small x: with x = n log 2 + r it is 2^n (e^r - 1) + (2^n - 1), of which the second term is 0 where x is small.
/// The error is at most 2 ULP.
/// </summary>
public readonly struct Expm1 : IFunction<Expm1>
{
    /// <inheritdoc/>
    public static string Name => "expm1";

    /// <inheritdoc/>
    public static int Weight => 1;

    /// <summary>The rounding of e^x cancels in the quotient (W. Kahan).</summary>
    public static double Value(double x)
    {
        var u = Math.Exp(x);
        return u == 1 ? x : u - 1 == -1 ? -1 : double.IsFinite(u) ? (u - 1) * (x / Math.Log(u)) : u;
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => y + V.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Expm1>.Single<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-105), L.Of(89));
        var n = L.Round(limited * L.Of(1.44269504088896341));
        var r = L.Fma(n, L.Of(-0.693359375), limited);
        r = L.Fma(n, L.Of(2.12194440e-4), r);
        return Scaled<L, T>(x, L.Fma(Exp.SingleSeries<L, T>(r), r * r, r), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Expm1>.Double<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-746), L.Of(710));
        var n = L.Round(limited * L.Of(1.4426950408889634));
        var r = L.Fma(n, L.Of(-6.93147180369123816490e-01), limited);
        r = L.Fma(n, L.Of(-1.90821492927058770002e-10), r);
        return Scaled<L, T>(x, L.Fma(Exp.Series<L, T>(r), r * r, r), n);
    }

    /// <summary>Half of the result first, so that 2^n does not overflow before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Scaled<L, T>(L x, L e, L n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var scale = L.Scale(L.One, n - L.One);
        var half = L.Fma(scale, e, scale - L.Of(0.5));
        return L.Select(L.Equal(x, L.Zero), x, half + half);
    }
}
