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

    /// <summary><see cref="LogicalOr"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor LogicalOr_(Tensor y) => Judged.InPlace(TruthCall.LogicalOr, this, y, LogicalOr(y));
}
