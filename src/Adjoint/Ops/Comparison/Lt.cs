using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>True where x is less than y.</summary>
internal readonly record struct Lt : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(x, y);
}

/// <content>True where x is less than y, element by element, broadcast.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element: true where x is less.</summary>
    public static Tensor operator <(Tensor x, Tensor y) => Op.Compare(default(Lt), x, y);

    /// <summary>A bool tensor, true where x is less than y; both broadcast and promote.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Lt(Tensor y) => Op.Compare(default(Lt), this, y);

    /// <summary><see cref="Lt"/>, in place: 1 where it holds and 0 elsewhere, in this tensor's dtype; nothing flows back.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">y does not broadcast to this shape.</exception>
    public Tensor Lt_(Tensor y) => Judged.InPlace(TruthCall.Lt, this, y, Lt(y));
}
