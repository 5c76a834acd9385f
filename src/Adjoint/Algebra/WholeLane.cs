using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Algebra;

/// <summary>Several whole numbers that wrap around on overflow, in one register or two halves:
/// the reader for long folds of integer tensors.</summary>
/// <typeparam name="T"><see cref="byte"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
internal readonly unsafe struct WholeLane<T>(Vector256<T> value) : IRing<WholeLane<T>>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    static WholeLane<T> IArithmetic<WholeLane<T>>.Zero => new(Vector256<T>.Zero);

    static WholeLane<T> IArithmetic<WholeLane<T>>.One => new(Vector256<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WholeLane<T> operator +(WholeLane<T> x, WholeLane<T> y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WholeLane<T> operator -(WholeLane<T> x, WholeLane<T> y) => new(x._value - y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WholeLane<T> operator *(WholeLane<T> x, WholeLane<T> y) => new(x._value * y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WholeLane<T> operator -(WholeLane<T> x) => new(-x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WholeLane<T> Load(T* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(WholeLane<T> value, T* to) => value._value.Store(to);

    static WholeLane<T> IArithmetic<WholeLane<T>>.Of(double value) => new(Vector256.Create(Whole<T>.Truncated(value)));

    static WholeLane<T> IRing<WholeLane<T>>.Abs(WholeLane<T> x) => new(Vector256.Abs(x._value));

    static WholeLane<T> IRing<WholeLane<T>>.Sign(WholeLane<T> x) =>
        new(Vector256.LessThan(x._value, Vector256<T>.Zero) | (Vector256.GreaterThan(x._value, Vector256<T>.Zero) & Vector256<T>.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static WholeLane<T> IRing<WholeLane<T>>.Max(WholeLane<T> x, WholeLane<T> y) => new(Vector256.Max(x._value, y._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static WholeLane<T> IRing<WholeLane<T>>.Min(WholeLane<T> x, WholeLane<T> y) => new(Vector256.Min(x._value, y._value));

    static WholeLane<T> IRing<WholeLane<T>>.Less(WholeLane<T> x, WholeLane<T> y) => new(Vector256.LessThan(x._value, y._value));

    static WholeLane<T> IArithmetic<WholeLane<T>>.Equal(WholeLane<T> x, WholeLane<T> y) => new(Vector256.Equals(x._value, y._value));

    static WholeLane<T> IArithmetic<WholeLane<T>>.And(WholeLane<T> x, WholeLane<T> y) => new(x._value & y._value);

    static WholeLane<T> IArithmetic<WholeLane<T>>.Or(WholeLane<T> x, WholeLane<T> y) => new(x._value | y._value);

    static WholeLane<T> IArithmetic<WholeLane<T>>.Not(WholeLane<T> x) => new(~x._value);

    static WholeLane<T> IArithmetic<WholeLane<T>>.Select(WholeLane<T> mask, WholeLane<T> then, WholeLane<T> otherwise) =>
        new(Vector256.ConditionalSelect(mask._value, then._value, otherwise._value));
}
