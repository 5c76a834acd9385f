using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The number whose bits are set where either bit is set.</summary>
internal readonly record struct BitwiseOr : ICompare
{
    public static string WholeName => "bitwise_or_cpu";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Or(x, y);
}

/// <content>The bits of whole numbers where either bit is set; of truth values, whether either holds.</content>
public sealed partial class Tensor
{
    /// <summary>Bit by bit: set where either is; of truth values, whether either holds. Reals are refused.</summary>
    public static Tensor operator |(Tensor x, Tensor y) => Op.Compare(default(BitwiseOr), x, y);

    /// <summary>Bit by bit "or", in place.</summary>
    public void operator |=(Tensor other) => BitwiseOr_(other);

    /// <summary>
    /// x | y bit by bit: set where either bit is set, in two's complement.
    /// Of truth values, whether either holds. Both broadcast and promote; also written <c>x | y</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real.</exception>
    public Tensor BitwiseOr(Tensor y) => Op.Compare(default(BitwiseOr), this, y);

    /// <summary>x | y bit by bit, in place; also written <c>x |= y</c>.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or this is a bool tensor and the other is not.</exception>
    public Tensor BitwiseOr_(Tensor y) => Op.CompareInPlace(default(BitwiseOr), this, y);
}
