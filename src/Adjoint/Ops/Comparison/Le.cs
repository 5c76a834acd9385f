using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where x is less than or equal to y.</summary>
internal readonly record struct Le : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Or(V.Less(x, y), V.Equal(x, y));
}

/// <content>True where x is less than or equal to y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: true where x is less or equal.</summary>
    public static Tensor operator <=(Tensor x, Tensor y) => Op.Compare(default(Le), x, y);

    /// <summary>A bool tensor, true where x is less than or equal to y; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Le(Tensor y) => Op.Compare(default(Le), this, y);

    /// <summary><see cref="Le"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor Le_(Tensor y) => Judged.InPlace(TruthCall.Le, this, y, Le(y));
}
