namespace Adjoint.Algebra;

/// <summary>
/// What every reader of formulas has, and what needs no order: constants, sums, products, and a choice by equality. A comparison gives a mask, which
/// is a value of the same type and only meaningful to <see cref="Select"/> and the mask operators.
/// </summary>
/// <typeparam name="V">The reader: a struct that holds a value, several values, an expression or a tensor.</typeparam>
public interface IArithmetic<V>
    where V : struct, IArithmetic<V>
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
