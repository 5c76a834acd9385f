namespace Adjoint;

/// <content>Sums of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>The sum of the elements over dimensions that a mask holds for (<c>torch.masked.sum</c>); 0 where it holds for none.</summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedSum(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null, Tensor? mask = null) =>
        Masking.Fill(this, mask, 0, "sum").Sum(dims, keepDim, dtype);
}
