using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The inverse hyperbolic tangent, log(1 + 2 |x| / (1 - |x|)) / 2 with the sign of x. The error is at most 3 ULP; it is infinite at -1 and
/// 1 and NaN beyond.</summary>
public readonly struct Atanh : IFunction<Atanh>
{
    /// <inheritdoc/>
    public static string Name => "atanh";

    /// <inheritdoc/>
    public static int Weight => 7;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.9, 0.9);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Atanh(x);

    /// <summary>Two steps before the logarithm.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Atanh(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / ((V.One - x) * (V.One + x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Atanh>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Atanh>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        return L.CopySign(L.Of(0.5) * L.Call<Log1p>((size + size) / (L.One - size)), x);
    }
}
