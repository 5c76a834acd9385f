using Adjoint.Gate;

namespace Adjoint;

/// <summary>The arguments of scatters and index writes, checked and brought to one form: positions and values of one shape.</summary>
internal static class ScatterArguments
{
    /// <summary>Positions with the dimensions of the tensor, and a value for each.</summary>
    /// <param name="name">What PyTorch calls the operator.</param>
    /// <param name="x">The tensor that is written into.</param>
    /// <param name="dim">The dimension that positions are of.</param>
    /// <param name="index">The positions.</param>
    /// <param name="src">The values, in each dimension as many as positions or more; or a number for all.</param>
    public static (int Dim, Tensor Index, Tensor Values) Along(string name, Tensor x, int dim, Tensor index, Tensor src)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(src);
        var axis = x.Layout.Dim(dim);
        index = Whole(name, index);
        src = SameDType(name, x, src);
        var (rank, sizes) = (Math.Max(1, x.Rank), index.Layout.Sizes);
        if (index.Layout.Count == 0 && (index.Rank != x.Rank || src.Rank != index.Rank))
        {
            // Nothing is written, and PyTorch asks no more.
            int[] none = x.Rank == 0 ? [1] : [.. x.Layout.Sizes];
            none[axis] = 0;
            return (axis, Tensor.Zeros(none, DType.Int64), Tensor.Zeros(none, x.DType));
        }

        if (Math.Max(1, index.Rank) != rank)
        {
            throw new ShapeException(
                $"Index tensor must have the same number of dimensions as self tensor. It has {index.Rank}, and the tensor has {x.Rank}.");
        }

        if (src.IsNumber)
        {
            return (axis, Within(x, index, axis), src.Expand(sizes));
        }

        if (Math.Max(1, src.Rank) != rank)
        {
            throw new ShapeException(
                $"Index tensor must have the same number of dimensions as src tensor. It has {index.Rank}, and src has {src.Rank}.");
        }

        var values = src.Rank == index.Rank ? src : src.Reshape(index.Rank == 0 ? [] : [checked((int)src.Layout.Count)]);
        for (var d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] > values.Layout.Sizes[d])
            {
                throw Larger(x, index, axis, src);
            }
        }

        Within(x, index, axis, src);
        for (var d = 0; d < sizes.Length; d++)
        {
            values = sizes[d] == values.Layout.Sizes[d] ? values : values.Slice(d, 0, sizes[d]);
        }

        return (axis, index, values);
    }

    /// <summary>One position for each slice along a dimension, repeated over the slices, and the values.</summary>
    /// <param name="name">What PyTorch calls the operator.</param>
    /// <param name="x">The tensor that is written into.</param>
    /// <param name="dim">The dimension that positions are of.</param>
    /// <param name="index">The positions, a vector.</param>
    /// <param name="source">The slices.</param>
    public static (int Dim, Tensor Index, Tensor Values) Slices(string name, Tensor x, int dim, Tensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        var axis = x.Layout.Dim(dim);
        index = Vector(name, index);
        source = SameDType(name, x, source);
        var count = index.Layout.Sizes[0];
        if (x.Rank == 0 && source.Rank <= 1)
        {
            source = source.Layout.Count == count ? source.Reshape(count) : throw Count(name, count, (int)source.Layout.Count, axis);
            return (0, index, source);
        }

        if (source.Rank != x.Rank)
        {
            throw new ShapeException(
                $"{name}: Source/destination tensor must have same slice shapes. Destination shape: {Shape.Text(x.Layout.Sizes)}, source shape: " +
                $"{Shape.Text(source.Layout.Sizes)}, dimension {axis}.");
        }

        for (var d = 0; d < x.Rank; d++)
        {
            if (d != axis && source.Layout.Sizes[d] != x.Layout.Sizes[d])
            {
                throw new ShapeException(
                    $"{name}: Source/destination tensor must have same slice shapes. Destination shape: {Shape.Text(x.Layout.Sizes)}, source " +
                    $"shape: {Shape.Text(source.Layout.Sizes)}, dimension {axis}.");
            }
        }

        return source.Layout.Sizes[axis] == count
            ? (axis, Repeated(index, axis, source.Layout.Sizes), source)
            : throw Count(name, count, source.Layout.Sizes[axis], axis);
    }

    /// <summary>Positions of slices, each for all elements of its slice; no memory is used for that.</summary>
    public static Tensor Repeated(Tensor index, int dim, int[] sizes)
    {
        var line = new int[sizes.Length];
        Array.Fill(line, 1);
        line[dim] = index.Layout.Sizes[0];
        return index.Reshape(line).Expand(sizes);
    }

    /// <summary>Positions as a vector of int64.</summary>
    /// <exception cref="ShapeException">They have more dimensions.</exception>
    public static Tensor Vector(string name, Tensor index)
    {
        index = Whole(name, index);
        return index.Rank <= 1
            ? index.Rank == 1 ? index : index.Reshape(1)
            : throw new ShapeException(
                $"{name}: Index is supposed to be a vector, but got dim: {index.Rank} with type: {index.DType.ScalarName} and size: " +
                $"{Shape.Text(index.Layout.Sizes)}. Flatten it first, or use Scatter for positions of single elements.");
    }

    /// <summary>Positions as int64.</summary>
    /// <exception cref="DTypeException">They are neither int64 nor int32.</exception>
    public static Tensor Whole(string name, Tensor index) =>
        index.DType == DType.Int64 ? index
        : index.DType == DType.Int32 || index.Layout.Count == 0 ? index.To(DType.Int64)
        : throw new DTypeException(
            $"{name}: Expected dtype int32/int64 for index but got: {index.DType.ScalarName}. Convert it with To(DType.Int64).");

    /// <summary>A value that has the dtype of the tensor, or a number that it takes.</summary>
    /// <exception cref="DTypeException">It has another dtype, or is a number beyond it.</exception>
    public static Tensor SameDType(string name, Tensor x, Tensor value)
    {
        if (value.IsNumber)
        {
            NumberRange.ThrowIfNumberBeyond(value, x.DType);
            return value.IsStandIn || value.DType == x.DType ? value : Numbers.InDType(value, x.DType);
        }

        return value.DType == x.DType
            ? value
            : throw new DTypeException(
                $"{name}: Expected self.dtype to be equal to src.dtype, but got {x.DType.ScalarName} and {value.DType.ScalarName}. Convert the " +
                $"values with To(DType.{x.DType}).");
    }

    private static Tensor Within(Tensor x, Tensor index, int axis, Tensor? src = null)
    {
        for (var d = 0; d < Math.Min(x.Rank, index.Rank); d++)
        {
            if (d != axis && index.Layout.Sizes[d] > x.Layout.Sizes[d])
            {
                throw Larger(x, index, axis, src);
            }
        }

        return index;
    }

    private static ShapeException Larger(Tensor x, Tensor index, int axis, Tensor? src) => new(
        $"Expected index {Shape.Text(index.Layout.Sizes)} to be no larger than self {Shape.Text(x.Layout.Sizes)} apart from dimension {axis}" +
        (src is null ? "." : $" and to be no larger size than src {Shape.Text(src.Layout.Sizes)}"));

    private static ShapeException Count(string name, int indices, int source, int axis) => new(
        $"{name}: Number of indices ({indices}) should be equal to source.size(dim): ({source}), for dim: {axis}");
}
