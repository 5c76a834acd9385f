namespace Adjoint;

/// <content>Cutting along a dimension at given places, into slices that may be changed in place.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Parts along a dimension as equal as whole numbers allow (<c>torch.tensor_split</c>); the first ones have one more. Slices, which share memory.
    /// </summary>
    /// <param name="sections">How many parts; at least 1.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="TensorException">The number is not positive.</exception>
    /// <exception cref="ShapeException">It is a scalar.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor[] TensorSplit(int sections, int dim = 0)
    {
        var axis = TensorSplitAxis(dim);
        if (sections <= 0)
        {
            throw new TensorException($"number of sections must be larger than 0, got {sections}");
        }

        var (size, longer) = Math.DivRem(Layout.Sizes[axis], sections);
        var parts = new Tensor[sections];
        var start = 0;
        for (var i = 0; i < sections; i++)
        {
            var end = start + size + (i < longer ? 1 : 0);
            parts[i] = Slice(axis, start, end);
            start = end;
        }

        return parts;
    }

    /// <summary>Parts along a dimension that begin and end at given positions (<c>torch.tensor_split</c>). Slices, which share memory.</summary>
    /// <param name="indices">Where parts after the first begin; negative ones count from the end. Parts between may be empty.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">It is a scalar.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor[] TensorSplit(IReadOnlyList<int> indices, int dim = 0)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var axis = TensorSplitAxis(dim);
        var parts = new Tensor[indices.Count + 1];
        var start = 0;
        for (var i = 0; i < indices.Count; i++)
        {
            parts[i] = Slice(axis, start, indices[i]);
            start = indices[i];
        }

        parts[^1] = Slice(axis, start);
        return parts;
    }

    /// <summary>Equal parts side by side (<c>torch.hsplit</c>): of vectors along their dimension, of others along the second.</summary>
    /// <exception cref="ShapeException">It is a scalar, or the size is not a multiple of the number.</exception>
    public Tensor[] Hsplit(int sections) => Equally(sections, Rank == 1 ? 0 : 1, 1, "hsplit");

    /// <summary>Parts side by side that begin and end at given positions (<c>torch.hsplit</c>).</summary>
    /// <exception cref="ShapeException">It is a scalar.</exception>
    public Tensor[] Hsplit(IReadOnlyList<int> indices) => At(indices, Rank == 1 ? 0 : 1, 1, "hsplit");

    /// <summary>Equal parts below each other (<c>torch.vsplit</c>), along the first dimension.</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions, or the size is not a multiple of the number.</exception>
    public Tensor[] Vsplit(int sections) => Equally(sections, 0, 2, "vsplit");

    /// <summary>Parts below each other that begin and end at given positions (<c>torch.vsplit</c>).</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor[] Vsplit(IReadOnlyList<int> indices) => At(indices, 0, 2, "vsplit");

    /// <summary>Equal parts behind each other (<c>torch.dsplit</c>), along the third dimension.</summary>
    /// <exception cref="ShapeException">There are fewer than three dimensions, or the size is not a multiple of the number.</exception>
    public Tensor[] Dsplit(int sections) => Equally(sections, 2, 3, "dsplit");

    /// <summary>Parts behind each other that begin and end at given positions (<c>torch.dsplit</c>).</summary>
    /// <exception cref="ShapeException">There are fewer than three dimensions.</exception>
    public Tensor[] Dsplit(IReadOnlyList<int> indices) => At(indices, 2, 3, "dsplit");

    private int TensorSplitAxis(int dim) => Rank > 0
        ? Layout.Dim(dim)
        : throw new ShapeException("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");

    private Tensor[] Equally(int sections, int dim, int least, string name)
    {
        ThrowUnlessDeep(least, name);
        return sections > 0 && Layout.Sizes[dim] % sections == 0
            ? TensorSplit(sections, dim)
            : throw new ShapeException(
                $"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {Layout.Sizes[dim]} is not divisible by the " +
                $"split_size {sections}!");
    }

    private Tensor[] At(IReadOnlyList<int> indices, int dim, int least, string name)
    {
        ThrowUnlessDeep(least, name);
        return TensorSplit(indices, dim);
    }

    private void ThrowUnlessDeep(int least, string name)
    {
        if (Rank < least)
        {
            throw new ShapeException(
                $"torch.{name} requires a tensor with at least {least} dimension{(least > 1 ? "s" : string.Empty)}, but got a tensor with {Rank} " +
                "dimensions!");
        }
    }
}
