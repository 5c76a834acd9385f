using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The natural logarithm. In float32 S. Moshier's Cephes approximation (<c>logf.c</c>) with fused multiply-adds, at most 0.9 ULP; in float64 that of
/// Sun's FDLIBM (<c>e_log.c</c>), at most 1 ULP. Special values are IEEE 754's.
/// </summary>
public readonly struct Log : IFunction<Log>
{
    /// <inheritdoc/>
    public static string Name => "log";

    /// <inheritdoc/>
    public static int Weight => 4;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Log(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log>.Single<L, T>(L x)
    {
        var (m, e) = Parts<L, T>(x);
        var f = m - L.One;
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
        return OrSpecial<L, T>(x, y);
    }

    /// <summary>
    /// With x = 2^e (1 + f) and s = f / (2 + f): log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R)), where R(s^2) is a polynomial.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log>.Double<L, T>(L x)
    {
        var (m, e) = Parts<L, T>(x);
        var f = m - L.One;
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
        return OrSpecial<L, T>(x, y);
    }

    /// <summary>What is left of a number between sqrt(1/2) and sqrt(2), and the power of 2 that it is multiplied by; anything if it is not
    /// positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (L Fraction, L Exponent) Parts<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (least, factor, bits) = Precision.IsSingle<T>() ? (1.17549435e-38, 8388608.0, 23) : (2.2250738585072014e-308, 18014398509481984.0, 54);
        var isTiny = L.Less(x, L.Of(least));
        var m = L.Split(L.Select(isTiny, x * L.Of(factor), x), out var e);
        e = L.Select(isTiny, e - L.Of(bits), e);
        var isLow = L.Less(m, L.Of(0.70710678118654752));
        return (L.Select(isLow, m + m, m), L.Select(isLow, e - L.One, e));
    }

    /// <summary>The logarithm of a positive finite number, and IEEE 754's of zero, negative numbers, infinity and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L OrSpecial<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var isFinite = L.And(L.Less(L.Zero, x), L.Less(x, L.Of(double.PositiveInfinity)));
        var special = L.Select(L.Equal(x, L.Zero), L.Of(double.NegativeInfinity), L.Select(L.Less(x, L.Zero), L.Of(double.NaN), x));
        return L.Select(isFinite, y, special);
    }
}
