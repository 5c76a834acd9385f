using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>
/// The error function of float32 and float64 lanes. Up to 1 it is x times a polynomial in x^2: Chebyshev interpolation in single precision, the Taylor series
/// in double. Above, 1 - erfc(x): e to the power of a polynomial in single precision, e^(-x^2) times a rational approximation (S. Moshier,
/// Cephes, <c>ndtr.c</c>) in double. The error is at most 1.8 ULP in single precision and 2 in double.
/// </summary>
internal static class ErfLanes
{
    /// <summary>2 / sqrt(pi). The 1 in it is added last, because the factor itself is rounded.</summary>
    private const double Factor = 1.1283791670955126;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Erf<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var isNear = L.Not(L.Less(L.One, size));
        var (near, far) = typeof(T) == typeof(float)
            ? (NearSingle<L, T>(x), FarSingle<L, T>(L.Clamp(size, L.One, L.Of(4))))
            : (NearDouble<L, T>(x), FarDouble<L, T>(L.Clamp(size, L.One, L.Of(6))));
        far = L.Select(L.Less(x, L.Zero), -far, far);
        return L.Select(isNear, near, far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NearSingle<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var z = x * x;
        var p = L.Fma(L.Of(-9.667045787864481e-06), z, L.Of(0.00011265959395245773));
        p = L.Fma(p, z, L.Of(-0.0008484080444901565));
        p = L.Fma(p, z, L.Of(0.0052210318093735));
        p = L.Fma(p, z, L.Of(-0.026865430727577078));
        p = L.Fma(p, z, L.Of(0.11283782495218742));
        p = L.Fma(p, z, L.Of(-0.37612638468025705));
        return L.Fma(x, L.Fma(p, z, L.Of(0.1283791670615424)), x);
    }

    /// <summary>1 - erfc(x) for x from 1 to 4, where the result is 1; log(erfc) is nearly a parabola there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L FarSingle<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var p = L.Fma(L.Of(1.6371514135218746e-06), x, L.Of(-4.6058042677027065e-05));
        p = L.Fma(p, x, L.Of(0.0005968056258418626));
        p = L.Fma(p, x, L.Of(-0.00475959629360471));
        p = L.Fma(p, x, L.Of(0.02642113600793558));
        p = L.Fma(p, x, L.Of(-0.11008008295528207));
        p = L.Fma(p, x, L.Of(-0.6318260515495314));
        p = L.Fma(p, x, L.Of(-1.1302334348493244));
        return L.One - L.Exp(L.Fma(p, x, L.Of(0.0003201380519176993)));
    }

    /// <summary>2 / sqrt(pi) times the sum of (-1)^k x^(2k + 1) / (k! (2k + 1)); what follows k = 17 is below 2^-57.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NearDouble<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var z = x * x;
        var p = L.Fma(L.Of(-Factor / (355687428096000.0 * 35)), z, L.Of(Factor / (20922789888000.0 * 33)));
        p = L.Fma(p, z, L.Of(-Factor / (1307674368000.0 * 31)));
        p = L.Fma(p, z, L.Of(Factor / (87178291200.0 * 29)));
        p = L.Fma(p, z, L.Of(-Factor / (6227020800.0 * 27)));
        p = L.Fma(p, z, L.Of(Factor / (479001600.0 * 25)));
        p = L.Fma(p, z, L.Of(-Factor / (39916800.0 * 23)));
        p = L.Fma(p, z, L.Of(Factor / (3628800.0 * 21)));
        p = L.Fma(p, z, L.Of(-Factor / (362880.0 * 19)));
        p = L.Fma(p, z, L.Of(Factor / (40320.0 * 17)));
        p = L.Fma(p, z, L.Of(-Factor / (5040.0 * 15)));
        p = L.Fma(p, z, L.Of(Factor / (720.0 * 13)));
        p = L.Fma(p, z, L.Of(-Factor / (120.0 * 11)));
        p = L.Fma(p, z, L.Of(Factor / (24.0 * 9)));
        p = L.Fma(p, z, L.Of(-Factor / (6.0 * 7)));
        p = L.Fma(p, z, L.Of(Factor / (2.0 * 5)));
        p = L.Fma(p, z, L.Of(-Factor / 3));
        return L.Fma(x, L.Fma(p, z, L.Of(Factor - 1)), x);
    }

    /// <summary>1 - erfc(x) for x from 1 to 6, where the result is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L FarDouble<L, T>(L x)
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
        return L.One - (L.Exp(-(x * x)) * p / q);
    }
}
