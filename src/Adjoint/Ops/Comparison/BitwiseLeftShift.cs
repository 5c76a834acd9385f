using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The bits of x moved up by y places.</summary>
internal readonly record struct BitwiseLeftShift : ICompare
{
    public static string WholeName => "lshift_cpu";

    public static bool RefusesTruth => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Whole<WholeShiftLeft>(x, y);
}

/// <content>Bits moved up.</content>
public sealed partial class Tensor
{
    /// <summary>The bits of x moved up by y places.</summary>
    public static Tensor operator <<(Tensor x, Tensor y) => Op.Compare(default(BitwiseLeftShift), x, y);

    /// <summary>Moves bits up, in place.</summary>
    public void operator <<=(Tensor other) => BitwiseLeftShift_(other);

    /// <summary>
    /// The bits of whole numbers moved up by y places, element by element, broadcast; also written <c>x &lt;&lt; y</c>. Places below 0 or beyond the
    /// dtype's bits leave nothing, as in PyTorch.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor BitwiseLeftShift(Tensor y) => Op.Compare(default(BitwiseLeftShift), this, y);

    /// <summary>The bits moved up, in place.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor BitwiseLeftShift_(Tensor y) => Op.CompareInPlace(default(BitwiseLeftShift), this, y);
}
