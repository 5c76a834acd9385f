namespace Adjoint.Algebra;

/// <summary>
/// A value and its derivative in one direction, x + x'ε with ε² = 0 (W. Clifford, 1873). Reading a formula with it gives the
/// exact derivative by the rules of the algebra alone: the check that an operator's hand-written <c>D</c> is right. Nests.
/// </summary>
/// <typeparam name="V">The reader of value and derivative.</typeparam>
public readonly struct Dual<V>(V value, V tangent) : IReal<Dual<V>>
    where V : struct, IReal<V>
{
    /// <summary>The value.</summary>
    public V Value { get; } = value;

    /// <summary>The derivative.</summary>
    public V Tangent { get; } = tangent;

    static Dual<V> IArithmetic<Dual<V>>.Zero => new(V.Zero, V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.One => new(V.One, V.Zero);

    /// <inheritdoc/>
    public static Dual<V> operator +(Dual<V> x, Dual<V> y) => new(x.Value + y.Value, x.Tangent + y.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x, Dual<V> y) => new(x.Value - y.Value, x.Tangent - y.Tangent);

    /// <inheritdoc/>
    public static Dual<V> operator *(Dual<V> x, Dual<V> y) =>
        new(x.Value * y.Value, (x.Tangent * y.Value) + (x.Value * y.Tangent));

    /// <inheritdoc/>
    public static Dual<V> operator /(Dual<V> x, Dual<V> y)
    {
        var quotient = x.Value / y.Value;
        return new(quotient, (x.Tangent - (quotient * y.Tangent)) / y.Value);
    }

    /// <inheritdoc/>
    public static Dual<V> operator -(Dual<V> x) => new(-x.Value, -x.Tangent);

    static Dual<V> IArithmetic<Dual<V>>.Of(double value) => new(V.Of(value), V.Zero);

    static Dual<V> IRing<Dual<V>>.Abs(Dual<V> x) => new(V.Abs(x.Value), x.Tangent * V.Sign(x.Value));

    static Dual<V> IRing<Dual<V>>.Sign(Dual<V> x) => new(V.Sign(x.Value), V.Zero);

    // A tie gives each side half, as in PyTorch's maximum and minimum.
    static Dual<V> IRing<Dual<V>>.Max(Dual<V> x, Dual<V> y) => Pick(V.Max(x.Value, y.Value), V.Less(y.Value, x.Value), x, y);

    static Dual<V> IRing<Dual<V>>.Min(Dual<V> x, Dual<V> y) => Pick(V.Min(x.Value, y.Value), V.Less(x.Value, y.Value), x, y);

    static Dual<V> IRing<Dual<V>>.Less(Dual<V> x, Dual<V> y) => new(V.Less(x.Value, y.Value), V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.Equal(Dual<V> x, Dual<V> y) => new(V.Equal(x.Value, y.Value), V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.And(Dual<V> x, Dual<V> y) => new(V.And(x.Value, y.Value), V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.Or(Dual<V> x, Dual<V> y) => new(V.Or(x.Value, y.Value), V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.Not(Dual<V> x) => new(V.Not(x.Value), V.Zero);

    static Dual<V> IArithmetic<Dual<V>>.Select(Dual<V> mask, Dual<V> then, Dual<V> otherwise) => new(
        V.Select(mask.Value, then.Value, otherwise.Value),
        V.Select(mask.Value, then.Tangent, otherwise.Tangent));

    static Dual<V> IReal<Dual<V>>.Sqrt(Dual<V> x)
    {
        var y = V.Sqrt(x.Value);
        return new(y, x.Tangent / (y + y));
    }

    static Dual<V> IReal<Dual<V>>.Call<F>(Dual<V> x)
    {
        var y = V.Call<F>(x.Value);
        return new(y, x.Tangent * F.D(x.Value, y));
    }

    static Dual<V> IReal<Dual<V>>.Call<F>(Dual<V> x, Dual<V> y)
    {
        // Each term only where its direction is not zero: 0 to the power 2 has no logarithm to multiply with zero.
        var z = V.Call<F>(x.Value, y.Value);
        var left = F.DX(x.Value, y.Value, z) * x.Tangent;
        var right = F.DY(x.Value, y.Value, z) * y.Tangent;
        return new(z, V.Select(V.Equal(x.Tangent, V.Zero), V.Zero, left) + V.Select(V.Equal(y.Tangent, V.Zero), V.Zero, right));
    }

    private static Dual<V> Pick(V value, V first, Dual<V> x, Dual<V> y)
    {
        var other = V.Select(V.Equal(x.Value, y.Value), V.Of(0.5) * (x.Tangent + y.Tangent), y.Tangent);
        return new(value, V.Select(first, x.Tangent, other));
    }
}
