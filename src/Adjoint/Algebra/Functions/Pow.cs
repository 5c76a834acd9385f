using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// x to the power y: e^(y log x) with the logarithm as an unevaluated sum of two numbers, so that the error is at most 1 ULP over all x and y. Zero,
/// infinite, NaN and subnormal bases and exponents beyond 2^50 go to <see cref="Math.Pow"/> one by one.
/// </summary>
public readonly struct Pow : IFunction2<Pow>
{
    /// <inheritdoc/>
    public static string Name => "pow";

    /// <inheritdoc/>
    public static int Weight => 16;

    /// <summary>A constant exponent is mostly small and whole, so it counts as a product.</summary>
    public static int WeightOfConstant => 0;

    /// <inheritdoc/>
    public static Domain DomainX => Domain.Positive;

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => yIsNumber ? "PowBackward0" : xIsNumber ? "PowBackward2" : "PowBackward1";

    /// <inheritdoc/>
    public static double Value(double x, double y) => Math.Pow(x, y);

    /// <summary>
    /// x^0 is 1 at 0 and NaN too. What is not chosen is computed from 1: its own derivative would be infinite at 0, and 0 times that NaN.
    /// </summary>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var isFlat = V.And(V.Equal(y, V.Zero), V.Or(V.Equal(x, V.Zero), V.Not(V.Equal(x, x))));
        return V.Select(isFlat, V.Zero, y * V.Call<Pow>(V.Select(isFlat, V.One, x), y - V.One));
    }

    /// <summary>At base 0 a power with a non-negative exponent stays 0 or 1 to first order; PyTorch gives 0 there.</summary>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var isFlat = V.And(V.Equal(x, V.Zero), V.Not(V.Less(y, V.Zero)));
        return V.Select(isFlat, V.Zero, z * V.Call<Log>(V.Select(isFlat, V.One, x)));
    }

    /// <inheritdoc/>
    public static V ToConstant<V>(V x, double y)
        where V : struct, IReal<V> => y switch
        {
            0 => V.One,
            1 => x,
            2 => x * x,
            3 => x * x * x,
            0.5 => V.Sqrt(x),
            -1 => V.One / x,
            _ => V.Call<Pow>(x, V.Of(y)),
        };

    /// <summary>
    /// A power of each order, down to x^0, so that the tape knows of x as long as PyTorch's does; but no negative power of x hides behind a factor 0:
    /// further derivatives would be NaN at 0.
    /// </summary>
    public static V DToConstant<V>(V x, double y, V z)
        where V : struct, IReal<V> => y switch
        {
            0 => V.Zero,
            _ => V.Of(y) * V.CallConstant<Pow>(x, y - 1),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Pow>.Single<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Pow>.Double<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        if (!Lanes.HasFused)
        {
            return Lanes.Each<Pow, L, T>(x, y);
        }

        var size = L.Abs(x);
        var (high, low) = LogOf<L, T>(size);
        var p = y * high;
        var rest = L.Fused(y, high, -p) + (y * low);
        var value = ExpOf<L, T>(p, rest);

        // A negative base has a power only where the exponent is whole, and one with a sign where it is odd.
        var half = y * L.Of(0.5);
        var signed = L.Select(L.Equal(L.Floor(half), half), value, -value);
        signed = L.Select(L.Equal(L.Floor(y), y), signed, L.Of(double.NaN));
        value = L.Select(L.Less(x, L.Zero), signed, value);
        var least = L.Of(Precision.IsSingle<T>() ? 1.17549435e-38 : 2.2250738585072014e-308);
        var isPlain = L.And(L.Not(L.Less(size, least)), L.Less(size, L.Of(double.PositiveInfinity)));
        isPlain = L.And(isPlain, L.Less(L.Abs(y), L.Of(1L << 50)));
        var isSpecial = L.Not(isPlain);
        return L.Any(isSpecial) ? L.Select(isSpecial, Lanes.Each<Pow, L, T>(x, y), value) : value;
    }

    /// <summary>log(x) of positive normal x to twice the precision, from s = (m - 1) / (m + 1): log(m) = 2 s (1 + s^2/3 + s^4/5 + ...).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (L High, L Low) LogOf<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var isSingle = Precision.IsSingle<T>();
        var m = L.Split(x, out var e);
        var isLow = L.Less(m, L.Of(0.70710678118654752));
        e = L.Select(isLow, e - L.One, e);
        m = L.Select(isLow, m + m, m);
        var f = m - L.One;
        var d = m + L.One;
        var part = d - L.One;
        var dLow = (L.One - (d - part)) + (m - part);
        var inverse = L.One / d;
        var s = f * inverse;
        var sLow = (L.Fused(-s, d, f) - (s * dLow)) * inverse;
        var z = s * s;
        var zLow = L.Fused(s, s, -z) + (L.Of(2) * s * sLow);
        var third = L.Of(1.0 / 3);
        var thirdLow = L.Of(isSingle ? (1.0 / 3) - (double)(1f / 3) : 1.850371707708594e-17);
        var t = z * third;
        var tLow = L.Fused(z, third, -t) + L.Fma(z, thirdLow, zLow * third);
        L q;
        if (isSingle)
        {
            q = L.Fma(L.Of(1.0 / 13), z, L.Of(1.0 / 11));
        }
        else
        {
            q = L.Fma(L.Of(1.0 / 25), z, L.Of(1.0 / 23));
            q = L.Fma(q, z, L.Of(1.0 / 21));
            q = L.Fma(q, z, L.Of(1.0 / 19));
            q = L.Fma(q, z, L.Of(1.0 / 17));
            q = L.Fma(q, z, L.Of(1.0 / 15));
            q = L.Fma(q, z, L.Of(1.0 / 13));
            q = L.Fma(q, z, L.Of(1.0 / 11));
        }

        q = L.Fma(q, z, L.Of(1.0 / 9));
        q = L.Fma(q, z, L.Of(1.0 / 7));
        q = L.Fma(q, z, L.Of(1.0 / 5));
        var more = L.Fma(q, z * z, tLow);
        var u = t + more;
        var uLow = more - (u - t);
        s += s;
        sLow += sLow;
        var v = s * u;
        var vLow = L.Fused(s, u, -v) + L.Fma(s, uLow, sLow * u);
        var l = s + v;
        var lLow = (v - (l - s)) + (vLow + sLow);

        // The high part of ln 2 has room for the exponent's bits, so its multiple is exact.
        var (ln2, ln2Low) = isSingle ? (0.693145751953125, 1.4286068203094172e-6) : (6.93147180369123816490e-01, 1.90821492927058770002e-10);
        var whole = e * L.Of(ln2);
        var high = whole + l;
        return (high, (l - (high - whole)) + L.Fma(e, L.Of(ln2Low), lLow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ExpOf<L, T>(L p, L rest)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var isSingle = Precision.IsSingle<T>();
        var limit = L.Of(isSingle ? 105 : 746);

        // Beyond the limits the result is 0 or infinite, whatever the rest, which may then be NaN.
        rest = L.Select(L.Less(L.Abs(p), limit), rest, L.Zero);
        p = L.Clamp(p, -limit, limit);
        var n = L.Round(p * L.Of(1.4426950408889634));
        var (ln2, ln2Low) = isSingle ? (0.693145751953125, 1.4286068203094172e-6) : (6.93147180369123816490e-01, 1.90821492927058770002e-10);
        var r = L.Fma(n, L.Of(-ln2), p);
        r = L.Fma(n, L.Of(-ln2Low), r) + rest;
        L q;
        if (isSingle)
        {
            q = L.Fma(L.Of(1.0 / 5040), r, L.Of(1.0 / 720));
            q = L.Fma(q, r, L.Of(1.0 / 120));
            q = L.Fma(q, r, L.Of(1.0 / 24));
            q = L.Fma(q, r, L.Of(1.0 / 6));
            q = L.Fma(q, r, L.Of(0.5));
        }
        else
        {
            q = Exp.Series<L, T>(r);
        }

        return L.Scale(L.Fma(q, r * r, r) + L.One, n);
    }
}
