using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where x is greater than y.</summary>
internal readonly record struct Gt : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(y, x);
}

/// <content>True where x is greater than y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: true where x is greater.</summary>
    public static Tensor operator >(Tensor x, Tensor y) => Op.Compare(default(Gt), x, y);

    /// <summary>A bool tensor, true where x is greater than y; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Gt(Tensor y) => Op.Compare(default(Gt), this, y);

    /// <summary><see cref="Gt"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor Gt_(Tensor y) => Judged.InPlace(TruthCall.Gt, this, y, Gt(y));
}
