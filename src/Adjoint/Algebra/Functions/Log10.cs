using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The logarithm to base 10: that of the power of 2 in two parts, plus that of what is left. The error is at most 2 ULP.</summary>
public readonly struct Log10 : IFunction<Log10>
{
    /// <inheritdoc/>
    public static string Name => "log10";

    /// <inheritdoc/>
    public static int Weight => 5;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Log10(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (x * V.Of(2.3025850929940457));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log10>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log10>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (m, e) = Log.Parts<L, T>(x);

        // The high part of log10(2) has room for the exponent's bits, so its multiple is exact.
        var (high, low) = Precision.IsSingle<T>() ? (0.30078125, 2.48745663981195214e-4) : (0.301025390625, 4.60503898119521374e-6);
        var rest = L.Fma(L.Call<Log>(m), L.Of(0.43429448190325183), e * L.Of(low));
        return Log.OrSpecial<L, T>(x, L.Fma(e, L.Of(high), rest));
    }
}
