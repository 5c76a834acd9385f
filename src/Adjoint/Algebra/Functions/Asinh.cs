using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The inverse hyperbolic sine: log(1 + |x| + x^2 / (1 + sqrt(1 + x^2))) with the sign of x, written so that no square overflows.
/// The error is at most 2 ULP.
/// </summary>
public readonly struct Asinh : IFunction<Asinh>
{
    /// <inheritdoc/>
    public static string Name => "asinh";

    /// <inheritdoc/>
    public static int Weight => 7;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Asinh(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / V.Sqrt((x * x) + V.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Asinh>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Asinh>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // From 2^60 on it is log(2 |x|), in which 2 |x| might overflow.
        var size = L.Abs(x);
        var isHuge = L.Less(L.Of(1L << 60), size);
        var inverse = L.One / size;
        var sum = size + (size / (inverse + L.Sqrt(L.Fma(inverse, inverse, L.One))));
        var y = L.Call<Log1p>(L.Select(isHuge, size, sum)) + L.Select(isHuge, L.Of(0.69314718055994531), L.Zero);
        return L.CopySign(y, x);
    }
}
