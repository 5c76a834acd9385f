using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// e to the power x. In float32 e^r after S. Moshier's Cephes range reduction by a polynomial whose largest relative error is least (least squares
/// with Lawson's weights, in quadruple precision), at most 1.1 ULP; in float64 likewise, at most 1 ULP. The base library computes single precision by
/// way of double, which costs twice the width, and chooses between two ways for a whole vector, so that a last bit may depend on a neighbour; here
/// every lane goes its own way. Polynomials are cut into pieces that do not wait for each other.
/// </summary>
public readonly struct Exp : IFunction<Exp>
{
    /// <inheritdoc/>
    public static string Name => "exp";

    /// <inheritdoc/>
    public static int Weight => 1;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Exp(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp>.Single<L, T>(L x)
    {
        // Beyond these limits the result is 0 or infinite by itself.
        var limited = L.Clamp(x, L.Of(-105), L.Of(89));
        var n = L.Round(limited * L.Of(1.44269504088896341));
        var r = L.Fma(n, L.Of(-0.693359375), limited);
        r = L.Fma(n, L.Of(2.12194440e-4), r);
        return L.Scale(L.Fma(SingleSeries<L, T>(r), r * r, r) + L.One, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp>.Double<L, T>(L x)
    {
        // Beyond these limits the result is 0 or infinite by itself.
        var limited = L.Clamp(x, L.Of(-746), L.Of(710));
        var n = L.Round(limited * L.Of(1.4426950408889634));
        var r = L.Fma(n, L.Of(-6.93147180369123816490e-01), limited);
        r = L.Fma(n, L.Of(-1.90821492927058770002e-10), r);
        return L.Scale(L.Fma(Series<L, T>(r), r * r, r) + L.One, n);
    }

    /// <summary>(e^r - 1 - r) / r^2 in single precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L SingleSeries<L, T>(L r)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var z = r * r;
        var p = L.Fma(L.Of(0.001381460191523494), z, L.Fma(L.Of(0.0083687152120083541), r, L.Of(0.041668387886815525)));
        return L.Fma(p, z, L.Fma(L.Of(0.16666520645420135), r, L.Of(0.49999993448706259)));
    }

    /// <summary>
    /// (e^r - 1 - r) / r^2 for |r| up to ln(2)/2, by least squares with Lawson's weights in quadruple precision:
    /// e^r comes out within 4e-18 of itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L Series<L, T>(L r)
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
}
