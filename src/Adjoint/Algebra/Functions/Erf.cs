using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. In float32 1 - e^(-q(x)) for every x, where q = -log(1 - erf) is
/// nearly a parabola; in float64 the Taylor series up to 1, and 1 minus e^(-x^2) times a rational approximation above (S. Moshier, Cephes,
/// <c>ndtr.c</c>). The error is at most 1.8 ULP in float32 (1.9 without fused multiply-adds) and 2 in float64.
/// </summary>
public readonly struct Erf : IFunction<Erf>
{
    /// <summary>2 / sqrt(pi). The 1 in it is added last, because the factor itself is rounded.</summary>
    private const double Factor = 1.1283791670955126;

    /// <inheritdoc/>
    public static string Name => "erf";

    /// <inheritdoc/>
    public static int Weight => 3;

    /// <inheritdoc/>
    public static double Value(double x) => ErrorFunction.Erf(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(Factor) * V.Call<Exp>(-(x * x));

    /// <summary>
    /// q(x) / x - 1 and (e^r - 1 - r) / r^2 are polynomials by least squares with Lawson's weights in quadruple precision, the first on [0, 3.95]
    /// with the weight that makes the relative error of erf even (4e-9), the second for |r| up to ln(2)/2 (2e-10).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Erf>.Single<L, T>(L x)
    {
        // With t = -|x| nothing below has to be negated. From 4 on the result is 1.
        var t = -L.AtMost(L.Abs(x), L.Of(4));
        var z = t * t;
        var w = z * z;
        var q = L.Fma(L.Of(-9.2562635751796323e-06), t, L.Of(-0.00011764125287469966));
        q = L.Fma(q, z, L.Fma(L.Of(-0.0006328367715150282), t, L.Of(-0.0016670272697110534)));
        var p = L.Fma(L.Of(-0.00016039582846136838), t, L.Of(0.019153064062098574));
        p = L.Fma(p, z, L.Fma(L.Of(0.10277783056186053), t, L.Of(-0.63661938195852086)));
        q = L.Fma(q, w, p);
        q = L.Fma(q, t, L.Of(0.1283791716116451));
        q = L.Fma(q, t, t);

        // q is now below 0, and e^q = 2^n e^r. Where n is large a small error of r is far below the result's last bit.
        var n = L.Round(q * L.Of(1.44269504088896341));
        var r = Lanes.HasFused
            ? L.Fma(n, L.Of(-0.693147180559945309), q)
            : q - (n * L.Of(0.693359375)) + (n * L.Of(2.12194440e-4));
        z = r * r;
        var e = L.Fma(L.Of(0.00019845877700761801), z, L.Fma(L.Of(0.0013940624833825961), r, L.Of(0.0083333893633718379)));
        e = L.Fma(e, z, L.Fma(L.Of(0.041666360942810378), r, L.Of(0.16666666370507488)));
        e = L.Fma(e, r, L.Of(0.50000000441575021));
        e = L.Fma(e, z, r);
        var scale = L.Scale(L.One, n);
        return L.CopySign(L.Fma(scale, e, scale - L.One), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Erf>.Double<L, T>(L x)
    {
        var size = L.Abs(x);
        var isNear = L.Not(L.Less(L.One, size));
        var far = L.CopySign(FarDouble<L, T>(L.Clamp(size, L.One, L.Of(6))), x);
        return L.Select(isNear, NearDouble<L, T>(x), far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NearDouble<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged => L.Fma(x, Beside<L, T>(x), x);

    /// <summary>erf(x) / x - 1 up to 1: 2 / sqrt(pi) times the sum of (-1)^k x^2k / (k! (2k + 1)), less 1; what follows k = 17 is below
    /// 2^-57.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L Beside<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // The even and the odd powers of z are sums of their own, which do not wait for each other.
        var z = x * x;
        var w = z * z;
        var p = L.Fma(L.Of(-Factor / (355687428096000.0 * 35)), w, L.Of(-Factor / (1307674368000.0 * 31)));
        p = L.Fma(p, w, L.Of(-Factor / (6227020800.0 * 27)));
        p = L.Fma(p, w, L.Of(-Factor / (39916800.0 * 23)));
        p = L.Fma(p, w, L.Of(-Factor / (362880.0 * 19)));
        p = L.Fma(p, w, L.Of(-Factor / (5040.0 * 15)));
        p = L.Fma(p, w, L.Of(-Factor / (120.0 * 11)));
        p = L.Fma(p, w, L.Of(-Factor / (6.0 * 7)));
        p = L.Fma(p, w, L.Of(-Factor / 3));
        var q = L.Fma(L.Of(Factor / (20922789888000.0 * 33)), w, L.Of(Factor / (87178291200.0 * 29)));
        q = L.Fma(q, w, L.Of(Factor / (479001600.0 * 25)));
        q = L.Fma(q, w, L.Of(Factor / (3628800.0 * 21)));
        q = L.Fma(q, w, L.Of(Factor / (40320.0 * 17)));
        q = L.Fma(q, w, L.Of(Factor / (720.0 * 13)));
        q = L.Fma(q, w, L.Of(Factor / (24.0 * 9)));
        q = L.Fma(q, w, L.Of(Factor / (2.0 * 5)));
        q = L.Fma(q, w, L.Of(Factor - 1));
        return L.Fma(p, z, q);
    }

    /// <summary>1 - erfc(x) for x from 1 to 6, where the result is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L FarDouble<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (p, q) = Complement<L, T>(x);
        return L.One - (L.Call<Exp>(-(x * x)) * p / q);
    }

    /// <summary>e^(x^2) (1 - erf(x)) as a quotient, for x from 1 to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (L Above, L Below) Complement<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var p = L.Fma(L.Of(2.46196981473530512524e-10), x, L.Of(5.64189564831068821977e-1));
        p = L.Fma(p, x, L.Of(7.46321056442269912687));
        p = L.Fma(p, x, L.Of(4.86371970985681366614e1));
        p = L.Fma(p, x, L.Of(1.96520832956077098242e2));
        p = L.Fma(p, x, L.Of(5.26445194995477358631e2));
        p = L.Fma(p, x, L.Of(9.34528527171957607540e2));
        p = L.Fma(p, x, L.Of(1.02755188689515710272e3));
        p = L.Fma(p, x, L.Of(5.57535335369399327526e2));
        var q = x + L.Of(1.32281951154744992508e1);
        q = L.Fma(q, x, L.Of(8.67072140885989742329e1));
        q = L.Fma(q, x, L.Of(3.54937778887819891062e2));
        q = L.Fma(q, x, L.Of(9.75708501743205489753e2));
        q = L.Fma(q, x, L.Of(1.82390916687909736289e3));
        q = L.Fma(q, x, L.Of(2.24633760818710981792e3));
        q = L.Fma(q, x, L.Of(1.65666309194161350182e3));
        q = L.Fma(q, x, L.Of(5.57535340817727675546e2));
        return (p, q);
    }
}
