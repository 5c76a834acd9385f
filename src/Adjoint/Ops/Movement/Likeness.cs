using Adjoint.Gate;

namespace Adjoint;

/// <content>The shape or the dtype of another tensor, and other names for what is there.</content>
public sealed partial class Tensor
{
    /// <summary>Matrices transposed: the last two dimensions swapped; shares memory (PyTorch's <c>.mT</c>; for reals also <c>adjoint</c>).</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor MT => Rank >= 2
        ? Transpose(-2, -1)
        : throw new ShapeException($"tensor.mT is only supported on matrices or batches of matrices. Got {Rank}-D tensor.");

    /// <summary>Two dimensions swapped; shares memory (<c>torch.swapaxes</c>, NumPy's name for <c>Transpose</c>).</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Swapaxes(int axis0, int axis1) => Transpose(axis0, axis1);

    /// <summary>Two dimensions swapped; shares memory (<c>torch.swapdims</c>).</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Swapdims(int dim0, int dim1) => Transpose(dim0, dim1);

    /// <summary>One dimension moved to another place; shares memory (<c>torch.moveaxis</c>, NumPy's name for <c>Movedim</c>).</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Moveaxis(int source, int destination) => Movedim(source, destination);

    /// <summary>Several dimensions moved; shares memory (<c>torch.moveaxis</c>, NumPy's name for <c>Movedim</c>).</summary>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">A dimension is named twice, or the lists have different lengths.</exception>
    public Tensor Moveaxis(ReadOnlySpan<int> source, ReadOnlySpan<int> destination) => Movedim(source, destination);

    /// <summary>All elements in row-major order as a vector; shares memory where strides allow (<c>torch.ravel</c>).</summary>
    public Tensor Ravel() => Reshape(-1);

    /// <summary>One dimension as several; shares memory (<c>torch.unflatten</c>).</summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="sizes">The sizes of the new ones, whose product is the old one's; one may be -1 and follows from the rest.</param>
    /// <exception cref="ShapeException">The sizes do not multiply up to the dimension's.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Unflatten(int dim, params ReadOnlySpan<int> sizes)
    {
        var axis = Layout.Dim(dim);
        if (sizes.IsEmpty || Rank == 0)
        {
            throw new ShapeException(sizes.IsEmpty ? "unflatten: sizes must be non-empty" : "unflatten: a scalar has no dimension to unflatten");
        }

        var size = Layout.Sizes[axis];
        var known = sizes.ToArray();
        var unknown = Array.IndexOf(known, -1);
        if (unknown >= 0)
        {
            known[unknown] = 1;
            var rest = known.Contains(0) || known.Any(other => other < 0) ? 0 : Shape.Product(known);
            known[unknown] = rest > 0 && size % rest == 0 ? (int)(size / rest) : -1;
        }

        if (known.Any(other => other < 0) || Shape.Product(known) != size)
        {
            throw new ShapeException(
                $"unflatten: Provided sizes {Shape.Text(sizes)} don't multiply up to the size of dim {axis} ({size}) in the input tensor");
        }

        return View([.. Layout.Sizes[..axis], .. known, .. Layout.Sizes[(axis + 1)..]]);
    }

    /// <summary>The same memory with the sizes of another tensor (<c>Tensor.view_as</c>).</summary>
    /// <exception cref="ShapeException">The number of elements does not fit, or strides do not allow a view.</exception>
    public Tensor ViewAs(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return View(other.Layout.Sizes);
    }

    /// <summary>The same elements with the sizes of another tensor (<c>Tensor.reshape_as</c>); shares memory where strides allow.</summary>
    /// <exception cref="ShapeException">The number of elements does not fit.</exception>
    public Tensor ReshapeAs(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Reshape(other.Layout.Sizes);
    }

    /// <summary>The values in the dtype of another tensor (<c>Tensor.type_as</c>); the tensor itself if it has that dtype.</summary>
    public Tensor TypeAs(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return To(other.DType);
    }

    /// <summary>Seen with larger sizes; shares memory (<c>torch.broadcast_to</c>, another name for <c>Expand</c>).</summary>
    /// <exception cref="ShapeException">A dimension is neither 1 nor as asked.</exception>
    public Tensor BroadcastTo(params ReadOnlySpan<int> size) => Expand(size);

    /// <summary>Tensors seen with the sizes that they all broadcast to; they share memory (<c>torch.broadcast_tensors</c>).</summary>
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    public static Tensor[] BroadcastTensors(params IReadOnlyList<Tensor> tensors)
    {
        Operands.ThrowIfAnyNull(tensors, nameof(BroadcastTensors));
        var sizes = tensors.Aggregate(Layout.Scalar, (all, tensor) => Layout.Broadcast(all, tensor.Layout)).Sizes;
        return [.. tensors.Select(tensor => tensor.Expand(sizes))];
    }

    /// <summary>A copy of <paramref name="length"/> positions from <paramref name="start"/> on (<c>torch.narrow_copy</c>).</summary>
    /// <exception cref="TensorIndexException">They do not all exist.</exception>
    public Tensor NarrowCopy(int dim, int start, int length) => Narrow(dim, start, length).Clone();

    /// <summary>Zeros, by default in this tensor's dtype (<c>Tensor.new_zeros</c>).</summary>
    public Tensor NewZeros(ReadOnlySpan<int> size, DType? dtype = null) => Zeros(size, dtype ?? DType);

    /// <summary>Ones, by default in this tensor's dtype (<c>Tensor.new_ones</c>).</summary>
    public Tensor NewOnes(ReadOnlySpan<int> size, DType? dtype = null) => Ones(size, dtype ?? DType);

    /// <summary>All elements alike, by default in this tensor's dtype (<c>Tensor.new_full</c>).</summary>
    /// <exception cref="DTypeException">The value does not fit the dtype.</exception>
    public Tensor NewFull(ReadOnlySpan<int> size, Tensor fillValue, DType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(fillValue);
        return Full(size, fillValue, dtype ?? DType);
    }

    /// <summary>Memory whose contents are whatever was there before, by default in this tensor's dtype (<c>Tensor.new_empty</c>).</summary>
    public Tensor NewEmpty(ReadOnlySpan<int> size, DType? dtype = null) => Empty(size, dtype ?? DType);
}
