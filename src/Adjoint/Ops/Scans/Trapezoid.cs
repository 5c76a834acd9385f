namespace Adjoint;

/// <content>Integrals by the trapezoidal rule.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The integral along a dimension by the trapezoidal rule, with points one distance apart (<c>torch.trapezoid</c>); 0 of nothing.
    /// </summary>
    /// <param name="dx">The distance.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Trapezoid(double dx = 1, int dim = -1)
    {
        var axis = IntegralDim(this, null, dim, "trapezoid");
        return Layout.Sizes[axis] == 0 ? Sum(axis) * dx : Middles(axis).Sum(axis) * dx;
    }

    /// <summary>The integral along a dimension by the trapezoidal rule (<c>torch.trapezoid</c>); 0 of nothing.</summary>
    /// <param name="x">Where the points are: a vector, or in a shape that broadcasts with this tensor's.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="DTypeException">Elements are truth values.</exception>
    /// <exception cref="ShapeException">There are not as many points as elements.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Trapezoid(Tensor x, int dim = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        var axis = IntegralDim(this, x, dim, "trapezoid");
        return Layout.Sizes[axis] == 0 ? Sum(axis) : (Middles(axis) * Widths(this, x, axis, "trapezoid")).Sum(axis);
    }

    /// <inheritdoc cref="Trapezoid(double, int)"/>
    public Tensor Trapz(double dx = 1, int dim = -1) => Trapezoid(dx, dim);

    /// <inheritdoc cref="Trapezoid(Tensor, int)"/>
    public Tensor Trapz(Tensor x, int dim = -1) => Trapezoid(x, dim);

    /// <summary>
    /// The integrals up to each point along a dimension by the trapezoidal rule, with points one distance apart
    /// (<c>torch.cumulative_trapezoid</c>); one element fewer.
    /// </summary>
    /// <param name="dx">The distance.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor CumulativeTrapezoid(double dx = 1, int dim = -1)
    {
        var axis = IntegralDim(this, null, dim, "cumulative_trapezoid");
        return Middles(axis).CumSum(axis) * dx;
    }

    /// <summary>
    /// The integrals up to each point along a dimension by the trapezoidal rule (<c>torch.cumulative_trapezoid</c>); one element fewer.
    /// </summary>
    /// <param name="x">Where the points are: a vector, or in a shape that broadcasts with this tensor's.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="DTypeException">Elements are truth values.</exception>
    /// <exception cref="ShapeException">There are not as many points as elements.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor CumulativeTrapezoid(Tensor x, int dim = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        var axis = IntegralDim(this, x, dim, "cumulative_trapezoid");
        return (Middles(axis) * Widths(this, x, axis, "cumulative_trapezoid")).CumSum(axis);
    }

    private static int IntegralDim(Tensor y, Tensor? x, int dim, string name)
    {
        if (y.Rank == 0)
        {
            throw new TensorIndexException($"{name}(): Dimension specified as {dim} but tensor has no dimensions. Use Reshape(1).");
        }

        if (y.DType == DType.Bool || x?.DType == DType.Bool)
        {
            throw new DTypeException(
                $"{name}: received a bool input for `x` or `y`, but bool is not supported. Convert it with To(DType.Float32).");
        }

        return y.Layout.Dim(dim);
    }

    /// <summary>Distances between points, in a shape that broadcasts with what is integrated.</summary>
    private static Tensor Widths(Tensor y, Tensor x, int axis, string name)
    {
        if (x.Rank == 0)
        {
            throw new ShapeException($"{name}: There must be one `x` value for each sample point. A number is the distance: {name}(dx: ...).");
        }

        int[] sizes;
        if (x.Rank == 1)
        {
            if (x.Layout.Sizes[0] != y.Layout.Sizes[axis])
            {
                throw new ShapeException(
                    $"{name}: There must be one `x` value for each sample point. There are {x.Layout.Sizes[0]} for {y.Layout.Sizes[axis]}.");
            }

            sizes = [.. Enumerable.Repeat(1, y.Rank)];
            sizes[axis] = x.Layout.Sizes[0];
        }
        else
        {
            sizes = [.. Enumerable.Repeat(1, Math.Max(y.Rank - x.Rank, 0)), .. x.Layout.Sizes];
        }

        var points = x.Reshape(sizes);
        return points.Slice(axis, 1) - points.Slice(axis, 0, -1);
    }

    /// <summary>The means of neighbours.</summary>
    private Tensor Middles(int axis) => (Slice(axis, 1) + Slice(axis, 0, -1)) / 2;
}
