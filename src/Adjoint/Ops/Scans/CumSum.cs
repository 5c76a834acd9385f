using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>Sums of all elements so far.</summary>
internal readonly record struct CumSum : IScan
{
    public static Elements Elements => Elements.Numbers;

    public static string Name => "Cumsum";

    public static bool HasPieces => true;

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Combine<V>(V state, V x)
        where V : struct, IReal<V> => state + x;

    public V DState<V>(V state, V x, V y)
        where V : struct, IReal<V> => V.One;

    public V DX<V>(V state, V x, V y)
        where V : struct, IReal<V> => V.One;

    public V I<V>(V state, V x)
        where V : struct, IRing<V> => state + x;
}

/// <content>Sums of all elements so far.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The sums of all elements so far along a dimension (<c>torch.cumsum</c>); whole numbers and truth values give int64. Added up in float64.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor CumSum(int dim, DType? dtype = null) => Cumulated(default(CumSum), this, dim, dtype);

    /// <summary><see cref="CumSum"/>, in place; whole numbers keep their dtype.</summary>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The sums are of a higher category than this tensor.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor CumSum_(int dim, DType? dtype = null) => Kept(CumSum(dim, dtype));

    /// <summary>Copies what was computed from this tensor into it.</summary>
    private Tensor Kept(Tensor result)
    {
        InPlace.ThrowUnlessFits(this, result.DType, result.Layout);
        return Copy_(result);
    }

    private static Tensor Cumulated<O>(O op, Tensor x, int dim, DType? dtype)
        where O : struct, IScan
    {
        var numbers = x.To(dtype ?? (x.DType.IsFloatingPoint ? x.DType : DType.Int64));
        var axis = x.Layout.Dim(dim);
        return x.Rank > 0 ? Op.Scan(op, numbers, axis) : Op.Scan(op, numbers.Reshape(1), axis).Reshape();
    }
}
