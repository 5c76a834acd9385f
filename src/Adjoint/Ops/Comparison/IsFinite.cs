using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where the magnitude of x is below y.</summary>
internal readonly record struct IsWithin : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(V.Abs(x), y);
}

/// <content>What is neither infinite nor NaN.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where an element is neither infinite nor NaN; everywhere among whole numbers and truth values.</summary>
    public Tensor IsFinite() => DType.IsFloatingPoint ? Op.Compare(default(IsWithin), this, double.PositiveInfinity) : Eq(this);
}
