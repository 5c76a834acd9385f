using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>10 to the power x: 2^n e^(r log 10) with n whole and r = x - n log10(2), the latter in two parts. The error is at most 2 ULP.</summary>
public readonly struct Exp10 : IFunction<Exp10>
{
    /// <inheritdoc/>
    public static string Name => "exp10";

    /// <inheritdoc/>
    public static int Weight => 2;

    /// <inheritdoc/>
    public static Domain Domain => new(-2, 2);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Pow(10, x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(2.3025850929940457) * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp10>.Single<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-46), L.Of(39));
        var n = L.Round(limited * L.Of(3.3219280948873623));
        var r = L.Fma(n, L.Of(-0.30078125), limited);
        r = L.Fma(n, L.Of(-2.48745663981195214e-4), r) * L.Of(2.3025850929940457);
        return L.Scale(L.Fma(Exp.SingleSeries<L, T>(r), r * r, r) + L.One, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Exp10>.Double<L, T>(L x)
    {
        var limited = L.Clamp(x, L.Of(-325), L.Of(309));
        var n = L.Round(limited * L.Of(3.3219280948873623));
        var r = L.Fma(n, L.Of(-0.30102539062500), limited);
        r = L.Fma(n, L.Of(-4.60503898119521374e-6), r) * L.Of(2.3025850929940457);
        return L.Scale(L.Fma(Exp.Series<L, T>(r), r * r, r) + L.One, n);
    }
}
