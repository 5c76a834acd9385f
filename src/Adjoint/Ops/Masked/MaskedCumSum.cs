namespace Adjoint;

/// <content>Sums and products of what a mask holds for so far.</content>
public sealed partial class Tensor
{
    /// <summary>The sums of all elements so far along a dimension that a mask holds for (<c>torch.masked.cumsum</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedCumSum(int dim, DType? dtype = null, Tensor? mask = null) => Masking.Fill(this, mask, 0, "cumsum").CumSum(dim, dtype);

    /// <summary>The products of all elements so far along a dimension that a mask holds for (<c>torch.masked.cumprod</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedCumProd(int dim, DType? dtype = null, Tensor? mask = null) => Masking.Fill(this, mask, 1, "cumprod").CumProd(dim, dtype);
}
