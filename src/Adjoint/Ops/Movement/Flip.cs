using Adjoint.Families;

namespace Adjoint;

/// <summary>Some dimensions in reverse, as a copy; its own transpose.</summary>
internal readonly record struct Flip(ValueArray<int> Dims) : ILinear
{
    /// <summary>A layout that runs through a dimension backwards.</summary>
    public static Layout Reversed(Layout layout, int dim)
    {
        var strides = (nint[])layout.Strides.Clone();
        var last = layout.Count > 0 ? (layout.Sizes[dim] - 1) * strides[dim] : 0;
        strides[dim] = -strides[dim];
        return new(layout.Sizes, strides, layout.Offset + last);
    }

    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x) => Op.Copy(x.View(Dims.Items.Aggregate(x.Layout, Reversed)));

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(this, g);

    public Tensor? Batch(Tensor x) => Op.Linear(new Flip(Array.ConvertAll(Dims.Items, dim => dim + 1)), x);
}

/// <summary>Quarter turns in the plane of two dimensions, from the first towards the second, as a copy.</summary>
/// <param name="K">How many, from 0 to 3.</param>
/// <param name="Dim0">The first dimension.</param>
/// <param name="Dim1">The second dimension.</param>
internal readonly record struct Rot90(int K, int Dim0, int Dim1) : ILinear
{
    public TensorType Infer(TensorType x) => x.With(Turned(x.Layout).Sizes);

    public Tensor Apply(Tensor x) => Op.Copy(x.View(Turned(x.Layout)));

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(this with { K = (4 - K) % 4 }, g);

    public Tensor? Batch(Tensor x) => Op.Linear(new Rot90(K, Dim0 + 1, Dim1 + 1), x);

    private Layout Turned(Layout layout)
    {
        layout = K is 1 or 2 ? Flip.Reversed(layout, Dim1) : layout;
        layout = K is 2 or 3 ? Flip.Reversed(layout, Dim0) : layout;
        if (K is 0 or 2)
        {
            return layout;
        }

        var (sizes, strides) = ((int[])layout.Sizes.Clone(), (nint[])layout.Strides.Clone());
        (sizes[Dim0], sizes[Dim1]) = (sizes[Dim1], sizes[Dim0]);
        (strides[Dim0], strides[Dim1]) = (strides[Dim1], strides[Dim0]);
        return layout.With(sizes, strides);
    }
}

/// <content>Dimensions in reverse, and turns.</content>
public sealed partial class Tensor
{
    /// <summary>A copy with some dimensions in reverse (<c>torch.flip</c>).</summary>
    /// <param name="dims">The dimensions, each once; negative ones count from the end.</param>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    /// <exception cref="TensorException">A dimension is named twice.</exception>
    public Tensor Flip(params ReadOnlySpan<int> dims)
    {
        var named = Array.ConvertAll(dims.ToArray(), Layout.Dim);
        var twice = Array.FindIndex(named, dim => named.Count(other => other == dim) > 1);
        if (twice >= 0)
        {
            throw new TensorException($"dim {named[twice]} appears multiple times in the list of dims");
        }

        // A scalar has nothing to reverse.
        return Op.Linear(new Flip(Rank == 0 ? [] : named), this);
    }

    /// <summary>A copy with the second dimension in reverse (<c>torch.fliplr</c>).</summary>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    public Tensor Fliplr() => Rank >= 2 ? Flip(1) : throw new ShapeException("Input must be >= 2-d.");

    /// <summary>A copy with the first dimension in reverse (<c>torch.flipud</c>).</summary>
    /// <exception cref="ShapeException">It is a scalar.</exception>
    public Tensor Flipud() => Rank >= 1 ? Flip(0) : throw new ShapeException("Input must be >= 1-d.");

    /// <summary>A copy turned in the plane of two dimensions (<c>torch.rot90</c>).</summary>
    /// <param name="k">The number of quarter turns, from the first dimension towards the second; negative turns go back.</param>
    /// <param name="dim0">The first dimension; negative counts from the end.</param>
    /// <param name="dim1">The second dimension; negative counts from the end.</param>
    /// <exception cref="ShapeException">There are fewer than two dimensions.</exception>
    /// <exception cref="TensorException">The dimensions are one.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor Rot90(int k = 1, int dim0 = 0, int dim1 = 1)
    {
        if (Rank < 2)
        {
            throw new ShapeException($"expected total dims >= 2, but got total dims = {Rank}");
        }

        var (first, second) = (Layout.Dim(dim0), Layout.Dim(dim1));
        return first != second
            ? Op.Linear(new Rot90(((k % 4) + 4) % 4, first, second), this)
            : throw new TensorException($"expected rotation dims to be different, but got dim0 = {dim0} and dim1 = {dim1}");
    }
}
