using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The hyperbolic tangent: x plus an odd approximation near 0, and 1 - 2 / (e^(2|x|) + 1) further out, where the error of the sum in the denominator
/// weighs little. The error is at most 1.4 ULP in float32 and 2 in float64; it is odd, and 1 where that is the nearest number.
/// </summary>
public readonly struct Tanh : IFunction<Tanh>
{
    /// <inheritdoc/>
    public static string Name => "tanh";

    /// <inheritdoc/>
    public static int Weight => 2;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Tanh(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One - (y * y);

    /// <summary>
    /// Both polynomials, (tanh(x) / x - 1) / x^2 and (e^r - 1 - r) / r^2, by least squares with Lawson's weights in quadruple precision: relative
    /// errors 4e-8 of tanh below 0.55 and 3e-9 of e^r.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Tanh>.Single<L, T>(L x)
    {
        var size = L.Abs(x);
        var z = x * x;
        var near = L.Fma(L.Of(0.016437582040933929), z, L.Of(-0.052671814118102504));
        near = L.Fma(near, z, L.Of(0.13320725068039288));
        near = L.Fma(near, z, L.Of(-0.33332946637285393));
        near = L.Fma(near * z, size, size);

        // e^(2 far) = 2^n e^(2 r). All is halved, so that nothing has to be doubled.
        var far = L.AtMost(size, L.Of(9.1));
        var n = L.Round(far * L.Of(2.88539008177792681));
        var r = Lanes.HasFused
            ? L.Fma(n, L.Of(-0.346573590279972655), far)
            : far - (n * L.Of(0.3466796875)) + (n * L.Of(1.06097220e-4));
        var square = r * r;
        var e = L.Fma(L.Of(16 * 0.0083687152120083541), r, L.Of(8 * 0.041668387886815525));
        e = L.Fma(L.Of(32 * 0.001381460191523494), square, e);
        e = L.Fma(e, square, L.Fma(L.Of(4 * 0.16666520645420135), r, L.Of(2 * 0.49999993448706259)));
        e = L.Fma(e, square, r);
        var scale = L.Scale(L.One, n);
        far = L.One - (L.One / L.Fma(scale, e, L.Fma(scale, L.Of(0.5), L.Of(0.5))));
        return L.CopySign(L.Select(L.Less(size, L.Of(0.55)), near, far), x);
    }

    /// <summary>Below 0.625 the rational approximation of S. Moshier, Cephes, <c>tanh.c</c>. One division serves both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Tanh>.Double<L, T>(L x)
    {
        var size = L.Abs(x);
        var z = x * x;
        var p = L.Fma(L.Of(-9.64399179425052238628e-1), z, L.Of(-9.92877231001918586564e1));
        p = L.Fma(p, z, L.Of(-1.61468768441708447952e3));
        var q = L.Fma(z + L.Of(1.12811678491632931402e2), z, L.Of(2.23548839060100448583e3));
        q = L.Fma(q, z, L.Of(4.84406305325125486048e3));

        var far = L.AtMost(size, L.Of(20));
        var n = L.Round(far * L.Of(2 * 1.4426950408889634));
        var r = L.Fma(n, L.Of(-6.93147180369123816490e-01), far + far);
        r = L.Fma(n, L.Of(-1.90821492927058770002e-10), r);
        var e = L.Fma(Exp.Series<L, T>(r), r * r, r);
        var scale = L.Scale(L.One, n);

        var isNear = L.Less(size, L.Of(0.625));
        var above = L.Select(isNear, size * z * p, L.Of(-2));
        var below = L.Select(isNear, q, L.Fma(scale, e, scale + L.One));
        return L.CopySign(L.Select(isNear, size, L.One) + (above / below), x);
    }
}
