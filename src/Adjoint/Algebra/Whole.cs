using System.Numerics;

namespace Adjoint.Algebra;

/// <summary>One whole number that wraps around on overflow, as PyTorch's integers do: the reader for integer tensors.</summary>
/// <typeparam name="T"><see cref="byte"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
internal readonly struct Whole<T>(T value) : IRing<Whole<T>>
    where T : unmanaged, IBinaryInteger<T>
{
    public T Value { get; } = value;

    static Whole<T> IArithmetic<Whole<T>>.Zero => new(T.Zero);

    static Whole<T> IArithmetic<Whole<T>>.One => new(T.One);

    public static Whole<T> operator +(Whole<T> x, Whole<T> y) => new(unchecked(x.Value + y.Value));

    public static Whole<T> operator -(Whole<T> x, Whole<T> y) => new(unchecked(x.Value - y.Value));

    public static Whole<T> operator *(Whole<T> x, Whole<T> y) => new(unchecked(x.Value * y.Value));

    public static Whole<T> operator -(Whole<T> x) => new(unchecked(T.Zero - x.Value));

    static Whole<T> IArithmetic<Whole<T>>.Of(double value) => new(Truncated(value));

    /// <summary>By repeated squaring; a negative power is 0 but for bases 1 and -1, as in PyTorch.</summary>
    static Whole<T> IRing<Whole<T>>.Power(Whole<T> x, Whole<T> y)
    {
        var (factor, exponent) = (x.Value, y.Value);
        if (exponent < T.Zero)
        {
            return factor == T.One || (factor == -T.One && T.IsEvenInteger(exponent)) ? new(T.One) : new(factor == -T.One ? factor : T.Zero);
        }

        var result = T.One;
        for (; exponent != T.Zero; exponent >>= 1)
        {
            if (T.IsOddInteger(exponent))
            {
                result = unchecked(result * factor);
            }

            factor = unchecked(factor * factor);
        }

        return new(result);
    }

    static Whole<T> IRing<Whole<T>>.Whole<F>(Whole<T> x, Whole<T> y) => new(F.Of(x.Value, y.Value));

    static Whole<T> IRing<Whole<T>>.Abs(Whole<T> x) => x.Value < T.Zero ? -x : x;

    static Whole<T> IRing<Whole<T>>.Sign(Whole<T> x) => x.Value < T.Zero ? new(unchecked(T.Zero - T.One)) : Mask(x.Value > T.Zero);

    static Whole<T> IRing<Whole<T>>.Max(Whole<T> x, Whole<T> y) => new(T.Max(x.Value, y.Value));

    static Whole<T> IRing<Whole<T>>.Min(Whole<T> x, Whole<T> y) => new(T.Min(x.Value, y.Value));

    static Whole<T> IRing<Whole<T>>.Less(Whole<T> x, Whole<T> y) => Mask(x.Value < y.Value);

    static Whole<T> IArithmetic<Whole<T>>.Equal(Whole<T> x, Whole<T> y) => Mask(x.Value == y.Value);

    static Whole<T> IArithmetic<Whole<T>>.And(Whole<T> x, Whole<T> y) => new(x.Value & y.Value);

    static Whole<T> IArithmetic<Whole<T>>.Or(Whole<T> x, Whole<T> y) => new(x.Value | y.Value);

    static Whole<T> IArithmetic<Whole<T>>.Not(Whole<T> x) => Mask(x.Value == T.Zero);

    static Whole<T> IArithmetic<Whole<T>>.Select(Whole<T> mask, Whole<T> then, Whole<T> otherwise) =>
        mask.Value != T.Zero ? then : otherwise;

    /// <summary>Without its fraction, at most as far as the range goes; a small negative number wraps around once where there are none.</summary>
    public static T Truncated(double value) => value < 0 && value >= -byte.MaxValue ? T.CreateTruncating((long)value) : T.CreateTruncating(value);

    private static Whole<T> Mask(bool holds) => new(holds ? T.One : T.Zero);
}
