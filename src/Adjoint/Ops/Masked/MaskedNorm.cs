namespace Adjoint;

/// <content>Norms of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>The norm over dimensions of the elements that a mask holds for (<c>torch.masked.norm</c>).</summary>
    /// <param name="ord">The order; see <see cref="Norm(double, ReadOnlySpan{int}, bool, DType)"/>.</param>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedNorm(
        double ord = 2, ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null, Tensor? mask = null) =>
        Masking.Fill(dtype is { } chosen ? To(chosen) : this, mask, ord >= 0 ? 0 : double.PositiveInfinity, "norm").Norm(ord, dims, keepDim);

    /// <summary>
    /// Rows divided by their norm, of what a mask holds for (<c>torch.masked.normalize</c>); what the mask leaves out becomes 0.
    /// </summary>
    /// <param name="ord">The order; see <see cref="Norm(double, ReadOnlySpan{int}, bool, DType)"/>.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="eps">The smallest divisor.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedNormalize(double ord, int dim, double eps = 1e-12, DType? dtype = null, Tensor? mask = null)
    {
        var x = dtype is { } chosen ? To(chosen) : this;
        return Masking.Fill(x, mask, 0, "normalize") / x.MaskedNorm(ord, [dim], keepDim: true, mask: mask).Clamp(min: eps);
    }
}
