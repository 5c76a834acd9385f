using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Algebra;

/// <summary>One real number: the reference reader of tests, and a lane of width 1 where there is no SIMD.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe struct One<T>(T value) : ILane<One<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The number.</summary>
    public T Value { get; } = value;

    static int ILane<One<T>, T>.Count => 1;

    static One<T> IArithmetic<One<T>>.Zero => new(T.Zero);

    static One<T> IArithmetic<One<T>>.One => new(T.One);

    /// <inheritdoc/>
    public static One<T> operator +(One<T> x, One<T> y) => new(x.Value + y.Value);

    /// <inheritdoc/>
    public static One<T> operator -(One<T> x, One<T> y) => new(x.Value - y.Value);

    /// <inheritdoc/>
    public static One<T> operator *(One<T> x, One<T> y) => new(x.Value * y.Value);

    /// <inheritdoc/>
    public static One<T> operator /(One<T> x, One<T> y) => new(x.Value / y.Value);

    /// <inheritdoc/>
    public static One<T> operator -(One<T> x) => new(-x.Value);

    static One<T> IArithmetic<One<T>>.Of(double value) => new(T.CreateSaturating(value));

    static One<T> IRing<One<T>>.Abs(One<T> x) => new(T.Abs(x.Value));

    static One<T> IRing<One<T>>.Sign(One<T> x) =>
        new(x.Value > T.Zero ? T.One : x.Value < T.Zero ? -T.One : T.Zero);

    static One<T> IRing<One<T>>.Max(One<T> x, One<T> y) => new(T.Max(x.Value, y.Value));

    static One<T> IRing<One<T>>.Min(One<T> x, One<T> y) => new(T.Min(x.Value, y.Value));

    static One<T> IRing<One<T>>.Less(One<T> x, One<T> y) => Mask(x.Value < y.Value);

    static One<T> IArithmetic<One<T>>.Equal(One<T> x, One<T> y) => Mask(x.Value == y.Value);

    static One<T> IArithmetic<One<T>>.And(One<T> x, One<T> y) => Mask(x.Holds() && y.Holds());

    static One<T> IArithmetic<One<T>>.Or(One<T> x, One<T> y) => Mask(x.Holds() || y.Holds());

    static One<T> IArithmetic<One<T>>.Not(One<T> x) => Mask(!x.Holds());

    static One<T> IArithmetic<One<T>>.Select(One<T> mask, One<T> then, One<T> otherwise) => mask.Holds() ? then : otherwise;

    static One<T> IReal<One<T>>.Sqrt(One<T> x) => new(T.Sqrt(x.Value));

    static One<T> IReal<One<T>>.Call<F>(One<T> x) => new(T.CreateSaturating(F.Value(double.CreateSaturating(x.Value))));

    static One<T> IReal<One<T>>.Call<F>(One<T> x, One<T> y) =>
        new(T.CreateSaturating(F.Value(double.CreateSaturating(x.Value), double.CreateSaturating(y.Value))));

    static One<T> ILane<One<T>, T>.Load(T* from) => new(*from);

    static One<T> ILane<One<T>, T>.LoadFirst(T* from, int count) => new(*from);

    static One<T> ILane<One<T>, T>.Splat(T value) => new(value);

    static void ILane<One<T>, T>.Store(One<T> value, T* to) => *to = value.Value;

    static void ILane<One<T>, T>.StoreStreamed(One<T> value, T* to) => *to = value.Value;

    static void ILane<One<T>, T>.StoreFirst(One<T> value, T* to, int count) => *to = value.Value;

    static void ILane<One<T>, T>.StoreMask(One<T> mask, byte* to, int count) => *to = mask.Holds() ? (byte)1 : (byte)0;

    static One<T> ILane<One<T>, T>.Fma(One<T> a, One<T> b, One<T> c) => new(T.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    static One<T> ILane<One<T>, T>.Floor(One<T> x) => new(T.Floor(x.Value));

    static One<T> ILane<One<T>, T>.Round(One<T> x) => new(T.Round(x.Value));

    static One<T> ILane<One<T>, T>.Fused(One<T> a, One<T> b, One<T> c) => new(T.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    static One<T> ILane<One<T>, T>.Clamp(One<T> x, One<T> low, One<T> high) => new(T.Max(low.Value, T.Min(high.Value, x.Value)));

    static One<T> ILane<One<T>, T>.AtMost(One<T> x, One<T> high) => new(T.Min(high.Value, x.Value));

    static One<T> ILane<One<T>, T>.CopySign(One<T> size, One<T> sign) => new(T.CopySign(size.Value, sign.Value));

    static One<T> ILane<One<T>, T>.Scale(One<T> x, One<T> n) => new(T.ScaleB(x.Value, int.CreateSaturating(n.Value)));

    static One<T> ILane<One<T>, T>.Split(One<T> x, out One<T> exponent)
    {
        var power = T.ILogB(x.Value) + 1;
        exponent = new(T.CreateSaturating(power));
        return new(T.ScaleB(x.Value, -power));
    }

    static One<T> ILane<One<T>, T>.Shift(One<T> x, int places) => x;

    static One<T> ILane<One<T>, T>.First(int count) => Mask(count > 0);

    static bool ILane<One<T>, T>.Any(One<T> mask) => mask.Holds();

    private static One<T> Mask(bool holds) => new(holds ? T.One : T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds() => Value != T.Zero;
}
