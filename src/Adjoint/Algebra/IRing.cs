namespace Adjoint.Algebra;

/// <summary>The small algebra of what has an order: what a formula may do when it is read with whole numbers as well as with reals.</summary>
/// <typeparam name="V">The reader: a struct that holds a value, several values, an expression or a tensor.</typeparam>
public interface IRing<V> : IArithmetic<V>
    where V : struct, IRing<V>
{
    /// <summary>x to the power y, for readers of whole numbers; that of reals is <see cref="Functions.Pow"/>.</summary>
    static virtual V Power(V x, V y) => throw new NotSupportedException("Only readers of whole numbers have this power.");

    /// <summary>A function of two whole numbers, for readers of these.</summary>
    static virtual V Whole<F>(V x, V y)
        where F : struct, IWholeFunction => throw new NotSupportedException("Only readers of whole numbers have functions of these.");

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
}
