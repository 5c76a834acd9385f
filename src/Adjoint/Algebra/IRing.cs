namespace Adjoint.Algebra;

/// <summary>
/// The small algebra: what a formula may do when it is read with whole numbers as well as with reals. Comparisons give masks, which are values
/// of the same type and only meaningful to <see cref="Select"/> and the mask operators.
/// </summary>
/// <typeparam name="V">The reader: a struct that holds a value, several values, an expression or a tensor.</typeparam>
public interface IRing<V>
    where V : struct, IRing<V>
{
    /// <summary>The number 0.</summary>
    static abstract V Zero { get; }

    /// <summary>The number 1.</summary>
    static abstract V One { get; }

    /// <summary>A constant; readers of whole numbers truncate it.</summary>
    static abstract V Of(double value);

    /// <summary>The sum.</summary>
    static abstract V operator +(V x, V y);

    /// <summary>The difference.</summary>
    static abstract V operator -(V x, V y);

    /// <summary>The product.</summary>
    static abstract V operator *(V x, V y);

    /// <summary>The value with the opposite sign.</summary>
    static abstract V operator -(V x);

    /// <summary>x to the power y, for readers of whole numbers; that of reals is <see cref="Functions.Pow"/>.</summary>
    static virtual V Power(V x, V y) => throw new NotSupportedException("Only readers of whole numbers have this power.");

    /// <summary>The magnitude.</summary>
    static abstract V Abs(V x);

    /// <summary>-1, 0 or 1; 0 for NaN, as in PyTorch.</summary>
    static abstract V Sign(V x);

    /// <summary>The larger of both; NaN if either is.</summary>
    static abstract V Max(V x, V y);

    /// <summary>The smaller of both; NaN if either is.</summary>
    static abstract V Min(V x, V y);

    /// <summary>The mask where x &lt; y; false for NaN.</summary>
    static abstract V Less(V x, V y);

    /// <summary>The mask where x equals y; false for NaN.</summary>
    static abstract V Equal(V x, V y);

    /// <summary>The mask where both masks hold.</summary>
    static abstract V And(V x, V y);

    /// <summary>The mask where either mask holds.</summary>
    static abstract V Or(V x, V y);

    /// <summary>The mask where the mask does not hold.</summary>
    static abstract V Not(V x);

    /// <summary>The second value where the mask holds, the third elsewhere. The value not chosen has no influence, NaN included.</summary>
    static abstract V Select(V mask, V then, V otherwise);
}
