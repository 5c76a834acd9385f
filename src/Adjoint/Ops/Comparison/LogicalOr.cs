using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where x or y is not zero.</summary>
internal readonly record struct LogicalOr : ICompare
{
    public static bool IsLogic => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Or(V.Not(V.Equal(x, V.Zero)), V.Not(V.Equal(y, V.Zero)));
}

/// <content>True where x or y is not zero, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where x or y is not zero; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LogicalOr(Tensor y) => Op.Compare(default(LogicalOr), this, y);
}
