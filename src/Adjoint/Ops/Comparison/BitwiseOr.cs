using Adjoint.Algebra;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The number whose bits are set where either bit is set.</summary>
internal readonly struct BitwiseOr : ICompare
{
    public static string WholeName => "bitwise_or_cpu";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Or(x, y);
}

/// <summary>The bits of whole numbers where either bit is set; of truth values, whether either holds.</summary>
public static class BitwiseOrMethod
{
    extension(Tensor x)
    {
        /// <summary>
        /// x | y bit by bit: set where either bit is set, in two's complement.
        /// Of truth values, whether either holds. Both broadcast and promote; also written <c>x | y</c>.
        /// </summary>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        /// <exception cref="DTypeException">Either is real.</exception>
        public Tensor BitwiseOr(Tensor y) => Op.Compare(default(BitwiseOr), x, y);

        /// <summary>x | y bit by bit, in place; also written <c>x |= y</c>.</summary>
        /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
        /// <exception cref="DTypeException">Either is real, or this is a bool tensor and the other is not.</exception>
        public Tensor BitwiseOr_(Tensor y) => Op.CompareInPlace(default(BitwiseOr), x, y);
    }
}
