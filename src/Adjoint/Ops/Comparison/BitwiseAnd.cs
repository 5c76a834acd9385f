using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The number whose bits are set where both bits are set.</summary>
internal readonly record struct BitwiseAnd : ICompare
{
    public static string WholeName => "bitwise_and_cpu";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.And(x, y);
}

/// <content>The bits of whole numbers where both bits are set; of truth values, whether both hold.</content>
public sealed partial class Tensor
{
    /// <summary>Bit by bit: set where both are; of truth values, whether both hold. Reals are refused.</summary>
    public static Tensor operator &(Tensor x, Tensor y) => Op.Compare(default(BitwiseAnd), x, y);

    /// <summary>Bit by bit "and", in place.</summary>
    public void operator &=(Tensor other) => BitwiseAnd_(other);

    /// <summary>
    /// x &amp; y bit by bit: set where both bits are set, in two's complement.
    /// Of truth values, whether both hold. Both broadcast and promote; also written <c>x &amp; y</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real.</exception>
    public Tensor BitwiseAnd(Tensor y) => Op.Compare(default(BitwiseAnd), this, y);

    /// <summary>x &amp; y bit by bit, in place; also written <c>x &amp;= y</c>.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or this is a bool tensor and the other is not.</exception>
    public Tensor BitwiseAnd_(Tensor y) => Op.CompareInPlace(default(BitwiseAnd), this, y);
}
