namespace Adjoint;

/// <content>Where the largest of what a mask holds for is.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Where the largest element is that a mask holds for, along a dimension or of all (<c>torch.masked.argmax</c>): the first of equal ones. As
    /// in PyTorch positions have the dtype of this tensor unless another is named.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end; null for all elements, counted in row-major order.</param>
    /// <param name="keepDim">Keep it, or all, with size 1.</param>
    /// <param name="dtype">The dtype of the positions.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedArgmax(int? dim = null, bool keepDim = false, DType? dtype = null, Tensor? mask = null)
    {
        var x = Masking.FillEnd(this, mask, largest: false, "argmax");
        return (dim is { } named ? x.Argmax(named, keepDim) : x.Argmax(keepDim)).To(dtype ?? DType);
    }
}
