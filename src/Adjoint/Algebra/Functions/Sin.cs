using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The sine of an angle in radians. The error is at most 2.4 ULP in float32 for angles up to 8192 in magnitude, and 1 ULP in float64 up to 2^30;
/// larger angles go to <see cref="Math"/> one by one.
/// </summary>
public readonly struct Sin : IFunction<Sin>
{
    /// <inheritdoc/>
    public static string Name => "sin";

    /// <inheritdoc/>
    public static int Weight => 4;

    /// <inheritdoc/>
    public static double Value(double x) => Math.Sin(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Call<Cos>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sin>.Single<L, T>(L x) => Turning.Sin<SingleQuarter, L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sin>.Double<L, T>(L x) => Lanes.HasFused ? Turning.Sin<DoubleQuarter, L, T>(x) : Lanes.Each<Sin, L, T>(x);
}
