using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The arc cosine in radians, as twice the arc tangent of sqrt((1 - x) / (1 + x)), in which nothing cancels. The error is at most 3 ULP; beyond -1
/// and 1
/// it is NaN.
/// </summary>
public readonly struct Acos : IFunction<Acos>
{
    /// <inheritdoc/>
    public static string Name => "acos";

    /// <inheritdoc/>
    public static int Weight => 6;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.9, 0.9);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Acos(x);

    /// <summary>Three steps before the arc tangent.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Acos(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => -(V.One / V.Sqrt((V.One - x) * (V.One + x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Acos>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Acos>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var y = L.Call<Atan>(L.Sqrt((L.One - x) / (L.One + x)));
        return y + y;
    }
}
