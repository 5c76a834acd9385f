using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>True where x equals y.</summary>
internal readonly struct Eq : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Equal(x, y);
}

/// <summary>True where x equals y, element by element, broadcast.</summary>
public static class EqMethod
{
    extension(Tensor x)
    {
        /// <summary>A bool tensor, true where x equals y; both broadcast and promote.</summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Tensor Eq(Tensor y) => Op.Compare(default(Eq), x, y);
    }
}
