namespace Adjoint;

/// <content>Variances of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The variance over dimensions of the elements that a mask holds for (<c>torch.masked.var</c>): the sum of squared distances from their mean,
    /// divided by their number less the correction.
    /// </summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="unbiased">Divide by the number less 1, not by the number.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedVar(
        ReadOnlySpan<int> dims = default, bool unbiased = true, bool keepDim = false, DType? dtype = null, Tensor? mask = null) =>
        MaskedVariance(this, dims, unbiased ? 1 : 0, keepDim, dtype, mask, "var");

    /// <summary>
    /// The standard deviation over dimensions of the elements that a mask holds for (<c>torch.masked.std</c>). Where all are equal its
    /// slope is not unique; 0 is chosen there.
    /// </summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="unbiased">Divide by the number less 1, not by the number.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedStd(
        ReadOnlySpan<int> dims = default, bool unbiased = true, bool keepDim = false, DType? dtype = null, Tensor? mask = null) =>
        RootOrZero(MaskedVariance(this, dims, unbiased ? 1 : 0, keepDim, dtype, mask, "std"));

    // What is not chosen is the root of 1: 0 times the slope of a root at 0 would be NaN.
    private static Tensor RootOrZero(Tensor variance)
    {
        var isFlat = variance.Eq(0);
        return Where(isFlat, ZerosLike(variance.Detach()), Where(isFlat, OnesLike(variance.Detach()), variance).Sqrt());
    }

    private static Tensor MaskedVariance(
        Tensor x, ReadOnlySpan<int> dims, double correction, bool keepDim, DType? dtype, Tensor? mask, string name)
    {
        var wanted = dtype ?? (x.DType.IsFloatingPoint ? x.DType : DType.DefaultReal);
        var elements = Masking.Fill(x.To(wanted), mask, 0, name);
        var mean = elements.Sum(dims, keepDim: true) / Masking.Count(x, mask, dims, keepDim: true, name);
        var squares = Masking.Fill((elements - mean).Square(), mask, 0, name).Sum(dims, keepDim);
        return squares / (Masking.Count(x, mask, dims, keepDim, name).To(wanted) - correction).Clamp(min: 0);
    }
}
