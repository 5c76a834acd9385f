using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The number whose bits are set where just one of both bits is set.</summary>
internal readonly record struct BitwiseXor : ICompare
{
    public static string WholeName => "bitwise_xor_cpu";

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Or(x, y) - V.And(x, y);
}

/// <content>The bits of whole numbers where just one of both bits is set; of truth values, whether just one holds.</content>
public sealed partial class Tensor
{
    /// <summary>Bit by bit: set where just one is; of truth values, whether just one holds. Reals are refused.</summary>
    public static Tensor operator ^(Tensor x, Tensor y) => Op.Compare(default(BitwiseXor), x, y);

    /// <summary>Bit by bit "exclusive or", in place.</summary>
    public void operator ^=(Tensor other) => BitwiseXor_(other);

    /// <summary>
    /// x ^ y bit by bit: set where just one of both bits is set, in two's complement.
    /// Of truth values, whether just one holds. Both broadcast and promote; also written <c>x ^ y</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real.</exception>
    public Tensor BitwiseXor(Tensor y) => Op.Compare(default(BitwiseXor), this, y);

    /// <summary>x ^ y bit by bit, in place; also written <c>x ^= y</c>.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or this is a bool tensor and the other is not.</exception>
    public Tensor BitwiseXor_(Tensor y) => Op.CompareInPlace(default(BitwiseXor), this, y);
}
