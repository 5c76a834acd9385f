namespace Adjoint;

/// <summary>
/// What masked operators have in common: elements that a mask leaves out count as if they were not there, and get no gradient, not even NaN, whatever
/// they are. They become the neutral element of the operator (PyTorch's <c>torch.masked</c>).
/// </summary>
internal static class Masking
{
    /// <summary>The tensor with another value where the mask does not hold.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="mask">A bool tensor that broadcasts to it; null holds everywhere.</param>
    /// <param name="fill">The value.</param>
    /// <param name="name">PyTorch's name of the operator.</param>
    public static Tensor Fill(Tensor x, Tensor? mask, double fill, string name) =>
        mask is null ? x : Tensor.Where(Fit(x, mask, name), x, In(fill, x.DType));

    /// <summary>How many elements over dimensions the mask holds for.</summary>
    public static Tensor Count(Tensor x, Tensor? mask, ReadOnlySpan<int> dims, bool keepDim, string name) => mask is null
        ? Tensor.Ones(x.Layout.Sizes, DType.Int64).Sum(dims, keepDim)
        : Fit(x, mask, name).Expand(x.Layout.Sizes).Sum(dims, keepDim);

    /// <summary>A mask without what does not fit.</summary>
    /// <exception cref="DTypeException">It is not a bool tensor.</exception>
    /// <exception cref="ShapeException">It does not broadcast to the tensor.</exception>
    public static Tensor Fit(Tensor x, Tensor mask, string name)
    {
        if (mask.DType != DType.Bool)
        {
            throw new DTypeException(
                $"torch.masked.{name}: the mask has to be a bool tensor, but it is {mask.DType.ScalarName}. Compare first: mask != 0.");
        }

        if (mask.Rank > x.Rank)
        {
            throw new ShapeException(
                "_output_mask expected mask dimensionality to be less or equal to the input's. The mask has shape " +
                $"{Shape.Text(mask.Layout.Sizes)}, and the input {Shape.Text(x.Layout.Sizes)}.");
        }

        for (var d = 1; d <= mask.Rank; d++)
        {
            if (mask.Layout.Sizes[^d] != 1 && mask.Layout.Sizes[^d] != x.Layout.Sizes[^d])
            {
                throw new ShapeException(
                    $"The mask of shape {Shape.Text(mask.Layout.Sizes)} does not broadcast to the input of shape {Shape.Text(x.Layout.Sizes)}.");
            }
        }

        return mask;
    }

    /// <summary>The tensor with the largest or the smallest value of its dtype where the mask does not hold.</summary>
    public static Tensor FillEnd(Tensor x, Tensor? mask, bool largest, string name) =>
        mask is null ? x : Tensor.Where(Fit(x, mask, name), x, End(x.DType, largest));

    private static Tensor End(DType dtype, bool largest)
    {
        if (dtype.IsFloatingPoint || dtype == DType.Bool)
        {
            return In(largest ? double.PositiveInfinity : dtype == DType.Bool ? 0 : double.NegativeInfinity, dtype);
        }

        var most = dtype == DType.Int64 ? long.MaxValue : (long)dtype.Most;
        var isSigned = Tensor.Scalar(-1L).To(dtype).To(DType.Int64).Item<long>() < 0;
        return Tensor.Scalar(largest ? most : isSigned ? -most - 1 : 0).To(dtype);
    }

    private static Tensor In(double value, DType dtype) => Tensor.Scalar(value).To(dtype);
}
