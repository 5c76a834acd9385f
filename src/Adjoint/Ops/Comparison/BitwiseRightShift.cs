using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The bits of x moved down by y places.</summary>
internal readonly record struct BitwiseRightShift : ICompare
{
    public static string WholeName => "rshift_cpu";

    public static bool RefusesTruth => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Whole<WholeShiftRight>(x, y);
}

/// <content>Bits moved down.</content>
public sealed partial class Tensor
{
    /// <summary>The bits of x moved down by y places.</summary>
    public static Tensor operator >>(Tensor x, Tensor y) => Op.Compare(default(BitwiseRightShift), x, y);

    /// <summary>Moves bits down, in place.</summary>
    public void operator >>=(Tensor other) => BitwiseRightShift_(other);

    /// <summary>
    /// The bits of whole numbers moved down by y places, element by element, broadcast; also written <c>x &gt;&gt; y</c>. Places below 0 or beyond
    /// the
    /// dtype's bits leave only the sign, as in PyTorch.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor BitwiseRightShift(Tensor y) => Op.Compare(default(BitwiseRightShift), this, y);

    /// <summary>The bits moved down, in place.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor BitwiseRightShift_(Tensor y) => Op.CompareInPlace(default(BitwiseRightShift), this, y);
}
