using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A whole number of a C# type, computed with unlimited numbers and brought back into the type's range after each step, as C#'s
/// <c>unchecked</c> does: the independent reference for integer tensors.
/// </summary>
/// <typeparam name="T"><see cref="byte"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
internal readonly struct Wrapped<T>(BigInteger value) : IRing<Wrapped<T>>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly BigInteger Least = BigInteger.CreateChecked(T.MinValue);
    private static readonly BigInteger Largest = BigInteger.CreateChecked(T.MaxValue);
    private static readonly BigInteger Range = Largest - Least + 1;

    /// <summary>The number in the type's range that differs by a multiple of the range's size.</summary>
    public BigInteger Value { get; } = Least + ((((value - Least) % Range) + Range) % Range);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Zero => new(0);

    static Wrapped<T> IArithmetic<Wrapped<T>>.One => new(1);

    public static Wrapped<T> operator +(Wrapped<T> x, Wrapped<T> y) => new(x.Value + y.Value);

    public static Wrapped<T> operator -(Wrapped<T> x, Wrapped<T> y) => new(x.Value - y.Value);

    public static Wrapped<T> operator *(Wrapped<T> x, Wrapped<T> y) => new(x.Value * y.Value);

    public static Wrapped<T> operator -(Wrapped<T> x) => new(-x.Value);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Of(double value) => double.IsFinite(value)
        ? new(value is < 0 and >= -byte.MaxValue ? new BigInteger(value) : BigInteger.Clamp(new BigInteger(value), Least, Largest))
        : new(value > 0 ? Largest : Least);

    /// <summary>The power; a negative one is its reciprocal without the fraction.</summary>
    static Wrapped<T> IRing<Wrapped<T>>.Power(Wrapped<T> x, Wrapped<T> y) => y.Value.Sign >= 0
        ? new(BigInteger.ModPow(x.Value, y.Value, Range))
        : new(BigInteger.Abs(x.Value) == 1 ? (y.Value.IsEven ? 1 : x.Value) : 0);

    static Wrapped<T> IRing<Wrapped<T>>.Whole<F>(Wrapped<T> x, Wrapped<T> y) =>
        new(BigInteger.CreateChecked(F.Of(T.CreateChecked(x.Value), T.CreateChecked(y.Value))));

    static Wrapped<T> IRing<Wrapped<T>>.Abs(Wrapped<T> x) => new(BigInteger.Abs(x.Value));

    static Wrapped<T> IRing<Wrapped<T>>.Sign(Wrapped<T> x) => new(x.Value.Sign);

    static Wrapped<T> IRing<Wrapped<T>>.Max(Wrapped<T> x, Wrapped<T> y) => new(BigInteger.Max(x.Value, y.Value));

    static Wrapped<T> IRing<Wrapped<T>>.Min(Wrapped<T> x, Wrapped<T> y) => new(BigInteger.Min(x.Value, y.Value));

    static Wrapped<T> IRing<Wrapped<T>>.Less(Wrapped<T> x, Wrapped<T> y) => Mask(x.Value < y.Value);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Equal(Wrapped<T> x, Wrapped<T> y) => Mask(x.Value == y.Value);

    static Wrapped<T> IArithmetic<Wrapped<T>>.And(Wrapped<T> x, Wrapped<T> y) => new(x.Value & y.Value);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Or(Wrapped<T> x, Wrapped<T> y) => new(x.Value | y.Value);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Not(Wrapped<T> x) => Mask(x.Value.IsZero);

    static Wrapped<T> IArithmetic<Wrapped<T>>.Select(Wrapped<T> mask, Wrapped<T> then, Wrapped<T> otherwise) =>
        mask.Value.IsZero ? otherwise : then;

    private static Wrapped<T> Mask(bool holds) => new(holds ? 1 : 0);
}
