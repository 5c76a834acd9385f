using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The tangent of an angle in radians: sine by cosine of what whole quarters of a turn leave of the angle. The error is at most 3 ULP in float32
/// for angles up to 8192 in magnitude and in float64 up to 2^30; larger angles go to <see cref="Math"/> one by one, and all where the processor has
/// no fused multiplication.
/// </summary>
public readonly struct Tan : IFunction<Tan>
{
    /// <inheritdoc/>
    public static string Name => "tan";

    /// <inheritdoc/>
    public static int Weight => 6;

    /// <inheritdoc/>
    public static Domain Domain => new(-1.4, 1.4);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Tan(x);

    /// <summary>Sine, cosine and their quotient each lose some.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Tan(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One + (y * y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Tan>.Single<L, T>(L x) => Lanes.HasFused ? Turning.Tan<SingleQuarter, L, T>(x) : Lanes.Each<Tan, L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Tan>.Double<L, T>(L x) => Lanes.HasFused ? Turning.Tan<DoubleQuarter, L, T>(x) : Lanes.Each<Tan, L, T>(x);
}
