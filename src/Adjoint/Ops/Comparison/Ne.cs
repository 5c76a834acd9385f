using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>True where x differs from y.</summary>
internal readonly struct Ne : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Not(V.Equal(x, y));
}

/// <summary>True where x differs from y, element by element, broadcast.</summary>
public static class NeMethod
{
    extension(Tensor x)
    {
        /// <summary>A bool tensor, true where x differs from y; both broadcast and promote.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor Ne(Tensor y) => Op.Compare(default(Ne), x, y);
    }
}
