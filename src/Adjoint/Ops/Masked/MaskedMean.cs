namespace Adjoint;

/// <content>Means of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>The mean of the elements over dimensions that a mask holds for (<c>torch.masked.mean</c>); NaN where it holds for none.</summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedMean(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null, Tensor? mask = null)
    {
        var x = dtype is { } chosen ? To(chosen) : this;
        return x.DType.IsFloatingPoint
            ? Masking.Fill(x, mask, 0, "mean").Sum(dims, keepDim) / Masking.Count(this, mask, dims, keepDim, "mean")
            : throw new DTypeException(
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: " +
                $"{x.DType.ScalarName}. Use MaskedMean(dtype: DType.Float32).");
    }
}
