using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where both x and y are not zero.</summary>
internal readonly record struct LogicalAnd : ICompare
{
    public static bool IsLogic => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.And(V.Not(V.Equal(x, V.Zero)), V.Not(V.Equal(y, V.Zero)));
}

/// <content>True where both x and y are not zero, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>A bool tensor, true where both x and y are not zero; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LogicalAnd(Tensor y) => Op.Compare(default(LogicalAnd), this, y);

    /// <summary><see cref="LogicalAnd"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor LogicalAnd_(Tensor y) => Judged.InPlace(TruthCall.LogicalAnd, this, y, LogicalAnd(y));
}
