namespace Adjoint;

/// <content>Medians of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The median along a dimension of the elements that a mask holds for, the lower one of two, NaN left out too (<c>torch.masked.median</c>);
    /// NaN where the mask holds for none.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or there is a mask and elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedMedian(int dim = -1, bool keepDim = false, DType? dtype = null, Tensor? mask = null)
    {
        var x = dtype is { } chosen ? To(chosen) : this;
        return mask is null || x.DType.IsFloatingPoint
            ? Masking.Fill(x, mask, double.NaN, "median").NanMedian(dim, keepDim).Values
            : throw new DTypeException($"masked.median of {x.DType.ScalarName} has no NaN for what is left out. Convert it with To(DType.Float32).");
    }
}
