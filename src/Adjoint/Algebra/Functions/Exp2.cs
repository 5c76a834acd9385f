using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>2 to the power x: 2^n e^(r log 2) with n whole and |r| up to 1/2. The error is at most 2 ULP; whole powers are exact.</summary>
public readonly struct Exp2 : IFunction<Exp2>
{
    /// <inheritdoc/>
    public static string Name => "exp2";

    /// <inheritdoc/>
    public static int Weight => 1;

    /// <inheritdoc/>
    public static double Value(double x)
    {
        // The runtime has no such function, and its power is exact to the last bit but one.
        return Math.Pow(2, x);
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(0.69314718055994531) * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp2>.Single<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-151), L.Of(129));
        var n = L.Round(limited);
        var r = (limited - n) * L.Of(0.69314718055994531);
        return L.Scale(L.Fma(Exp.SingleSeries<L, T>(r), r * r, r) + L.One, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp2>.Double<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-1076), L.Of(1025));
        var n = L.Round(limited);
        var r = (limited - n) * L.Of(0.69314718055994531);
        return L.Scale(L.Fma(Exp.Series<L, T>(r), r * r, r) + L.One, n);
    }
}
