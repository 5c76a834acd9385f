using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The logarithm to base 2: the exponent plus the logarithm of what is left, which lies between sqrt(1/2) and sqrt(2), so that powers of 2 are exact.
/// The error is at most 2 ULP.
/// </summary>
public readonly struct Log2 : IFunction<Log2>
{
    /// <inheritdoc/>
    public static string Name => "log2";

    /// <inheritdoc/>
    public static int Weight => 5;

    /// <inheritdoc/>
    public static Domain Domain => Domain.Positive;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Log2(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (x * V.Of(0.69314718055994531));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log2>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log2>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (m, e) = Log.Parts<L, T>(x);
        return Log.OrSpecial<L, T>(x, L.Fma(L.Call<Log>(m), L.Of(1.4426950408889634), e));
    }
}
