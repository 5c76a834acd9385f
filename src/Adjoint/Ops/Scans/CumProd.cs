using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint;

/// <summary>Products of all elements so far.</summary>
internal readonly record struct CumProd : IScan
{
    public static Elements Elements => Elements.Numbers;

    public static string Name => "Cumprod";

    public V Unit<V>()
        where V : struct, IRing<V> => V.One;

    public V Combine<V>(V state, V x)
        where V : struct, IReal<V> => state * x;

    public V DState<V>(V state, V x, V y)
        where V : struct, IReal<V> => x;

    public V DX<V>(V state, V x, V y)
        where V : struct, IReal<V> => state;

    public V I<V>(V state, V x)
        where V : struct, IRing<V> => state * x;
}

/// <content>Products of all elements so far.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The products of all elements so far along a dimension (<c>torch.cumprod</c>); whole numbers and truth values give int64. Multiplied in
    /// float64; gradients are exact where elements are zero, to any order.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor CumProd(int dim, DType? dtype = null) => Cumulated(default(CumProd), this, dim, dtype);

    /// <summary><see cref="CumProd"/>, in place; whole numbers keep their dtype.</summary>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="DTypeException">The products are of a higher category than this tensor.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor CumProd_(int dim, DType? dtype = null) => Kept(Clone().CumProd(dim, dtype)); // the derivative reads the old values
}
