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
}
