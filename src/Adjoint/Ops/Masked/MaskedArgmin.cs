namespace Adjoint;

/// <content>Where the smallest of what a mask holds for is.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Where the smallest element is that a mask holds for, along a dimension or of all (<c>torch.masked.argmin</c>): the first of equal ones. As
    /// in PyTorch positions have the dtype of this tensor unless another is named.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end; null for all elements, counted in row-major order.</param>
    /// <param name="keepDim">Keep it, or all, with size 1.</param>
    /// <param name="dtype">The dtype of the positions.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedArgmin(int? dim = null, bool keepDim = false, DType? dtype = null, Tensor? mask = null)
    {
        var x = Masking.FillEnd(this, mask, largest: true, "argmin");
        return (dim is { } named ? x.Argmin(named, keepDim) : x.Argmin(keepDim)).To(dtype ?? DType);
    }
}
