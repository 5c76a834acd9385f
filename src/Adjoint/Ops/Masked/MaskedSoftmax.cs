namespace Adjoint;

/// <content>Softmax of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Softmax along a dimension of the elements that a mask holds for, 0 elsewhere (<c>torch.masked.softmax</c>); NaN where it holds for none.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedSoftmax(int dim, DType? dtype = null, Tensor? mask = null) =>
        Left(dtype, mask, double.NegativeInfinity, "softmax").Softmax(dim);

    /// <summary>
    /// The logarithm of softmax along a dimension of the elements that a mask holds for, -infinity elsewhere (<c>torch.masked.log_softmax</c>).
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedLogSoftmax(int dim, DType? dtype = null, Tensor? mask = null) =>
        Left(dtype, mask, double.NegativeInfinity, "log_softmax").LogSoftmax(dim);

    /// <summary>Softmax of the negative elements that a mask holds for, 0 elsewhere (<c>torch.masked.softmin</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedSoftmin(int dim, DType? dtype = null, Tensor? mask = null) =>
        (-Left(dtype, mask, double.PositiveInfinity, "softmin")).Softmax(dim);

    private Tensor Left(DType? dtype, Tensor? mask, double fill, string name) =>
        Masking.Fill(dtype is { } chosen ? To(chosen) : this, mask, fill, name);
}
