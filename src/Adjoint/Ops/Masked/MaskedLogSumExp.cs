namespace Adjoint;

/// <content>Logarithms of sums of exponentials of what a mask holds for.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// log(sum(exp(x))) over dimensions of the elements that a mask holds for, without overflow (<c>torch.masked.logsumexp</c>); -infinity where
    /// it holds for none.
    /// </summary>
    /// <param name="dims">The dimensions, all if none is named; negative ones count from the end.</param>
    /// <param name="keepDim">Keep them with size 1.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="mask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">The mask does not broadcast to this tensor.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor MaskedLogSumExp(ReadOnlySpan<int> dims = default, bool keepDim = false, DType? dtype = null, Tensor? mask = null) =>
        Left(dtype, mask, double.NegativeInfinity, "logsumexp").LogSumExp(dims, keepDim);

    /// <summary>
    /// log(exp(x) + exp(other)) where what a mask of its own leaves out of either counts nothing (<c>torch.masked.logaddexp</c>); -infinity where
    /// nothing is left.
    /// </summary>
    /// <param name="other">The other tensor; both broadcast.</param>
    /// <param name="dtype">Convert to this type first.</param>
    /// <param name="inputMask">A bool tensor that broadcasts to this one; null holds everywhere.</param>
    /// <param name="otherMask">A bool tensor that broadcasts to the other; null holds everywhere.</param>
    /// <exception cref="DTypeException">A mask is not a bool tensor, or elements are not real.</exception>
    /// <exception cref="ShapeException">A mask does not broadcast to its tensor, or the tensors do not broadcast.</exception>
    public Tensor MaskedLogAddExp(Tensor other, DType? dtype = null, Tensor? inputMask = null, Tensor? otherMask = null)
    {
        ArgumentNullException.ThrowIfNull(other);
        var a = Left(dtype, inputMask, double.NegativeInfinity, "logaddexp");
        var b = other.Left(dtype, otherMask, double.NegativeInfinity, "logaddexp");
        var sizes = Layout.Broadcast(a.Layout, b.Layout).Sizes;
        return Stack([a.Expand(sizes), b.Expand(sizes)]).LogSumExp(0);
    }
}
