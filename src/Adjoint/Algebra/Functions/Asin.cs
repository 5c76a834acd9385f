using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The arc sine in radians, as the arc tangent of x / sqrt((1 - x) (1 + x)), in which nothing cancels. The error is at most 3 ULP; beyond -1 and 1
/// it is
/// NaN.
/// </summary>
public readonly struct Asin : IFunction<Asin>
{
    /// <inheritdoc/>
    public static string Name => "asin";

    /// <inheritdoc/>
    public static int Weight => 6;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.9, 0.9);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Asin(x);

    /// <summary>Three steps before the arc tangent.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Asin(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / V.Sqrt((V.One - x) * (V.One + x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Asin>.Single<L, T>(L x) => L.Call<Atan>(x / L.Sqrt((L.One - x) * (L.One + x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Asin>.Double<L, T>(L x) => L.Call<Atan>(x / L.Sqrt((L.One - x) * (L.One + x)));
}
