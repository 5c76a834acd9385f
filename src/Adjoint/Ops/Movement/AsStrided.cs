using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>
/// The memory of a tensor under a layout of the caller's: a view. Where the memory of the original call is not at hand, as in a graph that runs on
/// other tensors, the input is laid out as it was then.
/// </summary>
/// <param name="From">The input's layout.</param>
/// <param name="To">The view's layout.</param>
internal readonly record struct AsStrided(LayoutValue From, LayoutValue To) : ILinear
{
    static bool ILinear.IsView => true;

    public TensorType Infer(TensorType x) => x.With(To.Layout.Sizes);

    public Tensor Apply(Tensor x) => From.Equals(x.Layout) ? x.View(To) : ThroughMemory.Of(From, To).Apply(x);

    public Tensor Transpose(Tensor g, Shape input) => ThroughMemory.Of(From, To).Transpose(g, input);

    public Tensor? Batch(Tensor x) => ThroughMemory.Of(From, To).Batch(x);
}

/// <summary>
/// A tensor whose memory is overwritten through a layout of the caller's, as a copy. Where places of the layout share an element the last one stays,
/// and the gradient goes to all of them, as in PyTorch.
/// </summary>
/// <param name="Source">The tensor's layout.</param>
/// <param name="View">The layout that is written through.</param>
internal readonly record struct AsStridedScatter(LayoutValue Source, LayoutValue View) : IJoin
{
    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => new WriteView(Source, View).Apply(inputs);

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => new WriteView(Source, View).Transpose(g, inputs, index);

    public Tensor? Batch(Tensor[] inputs)
    {
        var (extent, samples) = (Math.Max(Source.Layout.Extent, View.Layout.Extent), inputs[0].Layout.Sizes[0]);
        return Op.Join(new AsStridedScatter(ViewMemory.Batched(Source, extent, samples), ViewMemory.Batched(View, extent, samples)), inputs);
    }
}

/// <content>Memory under a layout of the caller's.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The memory of this tensor seen with other sizes and strides (<c>torch.as_strided</c>); shares memory. Where several places show one element
    /// its gradient is the sum of theirs. A tensor that a transform follows counts as one without gaps.
    /// </summary>
    /// <param name="size">The sizes.</param>
    /// <param name="stride">From one element to the next along each dimension, in elements.</param>
    /// <param name="storageOffset">The first element's place in memory; this tensor's own if not given.</param>
    /// <exception cref="ShapeException">Elements would lie outside of this tensor's memory, or the numbers do not fit together.</exception>
    public Tensor AsStrided(ReadOnlySpan<int> size, ReadOnlySpan<long> stride, long? storageOffset = null) =>
        Op.Linear(new AsStrided(Layout, StridedLayout(this, size, stride, storageOffset)), this);

    /// <summary>A copy whose memory is overwritten through other sizes and strides (<c>torch.as_strided_scatter</c>).</summary>
    /// <param name="src">Of the sizes.</param>
    /// <param name="size">The sizes.</param>
    /// <param name="stride">From one element to the next along each dimension, in elements.</param>
    /// <param name="storageOffset">The first element's place in memory; this tensor's own if not given.</param>
    /// <exception cref="ShapeException">Elements would lie outside of this tensor's memory, or the numbers do not fit together.</exception>
    public Tensor AsStridedScatter(Tensor src, ReadOnlySpan<int> size, ReadOnlySpan<long> stride, long? storageOffset = null)
    {
        ArgumentNullException.ThrowIfNull(src);
        var view = StridedLayout(this, size, stride, storageOffset);
        if (!src.Layout.SameSizes(view))
        {
            throw new ShapeException(
                $"expected src to have a size equal to the slice of self. src size = {Shape.Text(src.Layout.Sizes)}, slice size = " +
                $"{Shape.Text(size)}");
        }

        return Op.Join(new AsStridedScatter(Layout, view), this, src.To(DType));
    }

    private static Layout StridedLayout(Tensor x, ReadOnlySpan<int> size, ReadOnlySpan<long> stride, long? storageOffset)
    {
        if (size.Length != stride.Length)
        {
            throw new ShapeException($"mismatch in length of strides and shape: {stride.Length} strides, and the shape is {Shape.Text(size)}");
        }

        if (stride.ContainsAnyInRange(long.MinValue, -1))
        {
            throw new ShapeException(
                $"as_strided: Negative strides are not supported at the moment, got strides: [{Limits.Joined(", ", stride.ToArray())}]");
        }

        if (storageOffset < 0)
        {
            throw new ShapeException($"Tensor: invalid storage offset {storageOffset}");
        }

        // Sizes are checked where a dense layout of them is made.
        var sizes = Layout.Dense(size).Sizes;
        var layout = new Layout(sizes, [.. stride.ToArray().Select(step => (nint)step)], (nint?)storageOffset ?? x.Layout.Offset);
        var memory = x.IsStandIn ? x.Layout.Extent : x.Storage.ByteLength / x.DType.ItemSize;
        return layout.Extent <= memory
            ? layout
            : throw Guard.OutOfBounds(memory * x.DType.ItemSize, layout, x.DType);
    }
}
