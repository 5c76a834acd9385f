namespace Adjoint;

/// <content>The smallest of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The smallest element over dimensions that a mask holds for (<c>torch.masked.amin</c>); ties share the gradient evenly. It is infinity
    /// where the mask holds for none.
    /// </summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">A reduced dimension is empty.</exception>
    public Tensor MaskedAmin(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null, Tensor? mask = null)
    {
        var x = dtype is { } chosen ? To(chosen) : this;
        return Masking.FillEnd(x, mask, largest: true, "amin").Amin(dims, keepDim);
    }
}
