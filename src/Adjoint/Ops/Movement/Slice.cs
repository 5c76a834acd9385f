using Adjoint.Families;

namespace Adjoint;

/// <summary>Every step-th position of one dimension, from a start: a view. Its transpose is <see cref="Embed"/>.</summary>
internal readonly record struct Slice(int Dim, int Start, int Count, int Step) : ILinear
{
    static bool ILinear.IsView => true;

    /// <summary>The operator for a method's arguments, which count from the end where they are negative.</summary>
    public static Slice Of(Tensor x, int dim, long? start, long? end, long step)
    {
        if (step <= 0)
        {
            throw new TensorIndexException("slice step must be positive");
        }

        if (x.Rank == 0)
        {
            throw new TensorIndexException("slice() cannot be applied to a 0-dim tensor.");
        }

        var axis = x.Layout.Dim(dim);
        var size = x.Layout.Sizes[axis];
        var first = Bound(start ?? 0, size);
        var last = Math.Max(Bound(end ?? size, size), first);
        var count = first == last ? 0 : (int)(((last - first - 1) / step) + 1);
        return new(axis, (int)first, count, (int)Math.Min(step, Math.Max(size, 1)));
    }

    public TensorType Infer(TensorType x) => x.WithSize(Dim, Count);

    public Tensor Apply(Tensor x)
    {
        var sizes = (int[])x.Layout.Sizes.Clone();
        var strides = (nint[])x.Layout.Strides.Clone();
        sizes[Dim] = Count;
        strides[Dim] *= Step;
        return x.View(new Layout(sizes, strides, x.Layout.Offset + (Start * x.Layout.Strides[Dim])));
    }

    public Tensor Transpose(Tensor g, Shape input) =>
        Op.Linear(new Embed(Dim, Start, Count, Step, input.Sizes[Dim], OfSelect: false), g);

    public Tensor? Batch(Tensor x) => Op.Linear(this with { Dim = Dim + 1 }, x);

    private static long Bound(long position, int size) => Math.Clamp(position < 0 ? position + size : position, 0, size);
}

/// <summary>The tensor as a slice of zeros: the transpose of <see cref="Slice"/>, and of <see cref="Select"/>.</summary>
internal readonly record struct Embed(int Dim, int Start, int Count, int Step, int Size, bool OfSelect) : ILinear
{
    public string GradName => OfSelect ? "SelectBackwardBackward0" : "SliceBackwardBackward0";

    internal bool OfSelect { get; init; } = OfSelect;

    public TensorType Infer(TensorType x) => x.WithSize(Dim, Size);

    public Tensor Apply(Tensor x)
    {
        var sizes = (int[])x.Layout.Sizes.Clone();
        sizes[Dim] = Size;
        var result = Op.Zeroed(Layout.Dense(sizes), x.DType);
        Op.CopyInto(x, new Slice(Dim, Start, Count, Step).Apply(result));
        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Slice(Dim, Start, Count, Step), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new Embed(Dim + 1, Start, Count, Step, Size, OfSelect), x);
}

/// <summary>One position of one dimension, which disappears: a view.</summary>
internal readonly record struct Select(int Dim, int Position) : ILinear
{
    static bool ILinear.IsView => true;

    /// <summary>The operator for a method's arguments, which count from the end where they are negative.</summary>
    public static Select Of(Tensor x, int dim, int index)
    {
        if (x.Rank == 0)
        {
            throw new TensorIndexException("select() cannot be applied to a 0-dim tensor.");
        }

        var axis = x.Layout.Dim(dim);
        var size = x.Layout.Sizes[axis];
        return index >= -size && index < size
            ? new(axis, index < 0 ? index + size : index)
            : throw new TensorIndexException(
                $"select(): index {index} out of range for tensor of size {Shape.Text(x.Layout.Sizes)} at dimension {axis}");
    }

    public TensorType Infer(TensorType x) => x.With([.. x.Layout.Sizes[..Dim], .. x.Layout.Sizes[(Dim + 1)..]]);

    public Tensor Apply(Tensor x)
    {
        int[] sizes = [.. x.Layout.Sizes[..Dim], .. x.Layout.Sizes[(Dim + 1)..]];
        nint[] strides = [.. x.Layout.Strides[..Dim], .. x.Layout.Strides[(Dim + 1)..]];
        return x.View(new Layout(sizes, strides, x.Layout.Offset + (Position * x.Layout.Strides[Dim])));
    }

    public Tensor Transpose(Tensor g, Shape input) =>
        Op.Linear(new Embed(Dim, Position, 1, 1, input.Sizes[Dim], OfSelect: true), g.Unsqueeze(Dim));

    public Tensor? Batch(Tensor x) => Op.Linear(this with { Dim = Dim + 1 }, x);
}

/// <content>Parts of a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>Positions from <paramref name="start"/> up to <paramref name="end"/>, every <paramref name="step"/>-th; shares memory.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">The first position; negative counts from the end, null is 0.</param>
    /// <param name="end">The end, not included; negative counts from the end, null is the size.</param>
    /// <param name="step">At least 1.</param>
    /// <exception cref="TensorIndexException">The dimension does not exist, or the step is not positive.</exception>
    public Tensor Slice(int dim, long? start = null, long? end = null, long step = 1) =>
        Op.Linear(Adjoint.Slice.Of(this, dim, start, end, step), this);

    /// <summary><paramref name="length"/> positions from <paramref name="start"/> on; shares memory.</summary>
    /// <exception cref="TensorIndexException">They do not all exist.</exception>
    public Tensor Narrow(int dim, int start, int length)
    {
        var axis = Layout.Dim(dim);
        var size = Rank == 0 ? 0 : Layout.Sizes[axis];
        if (length < 0)
        {
            throw new TensorIndexException($"narrow(): length must be non-negative. It is {length}.");
        }

        if (start < -size || start > size)
        {
            throw new TensorIndexException($"start out of range (expected to be in range of [{-size}, {size}], but got {start})");
        }

        long first = start < 0 ? start + size : start;
        return first + length <= size
            ? Slice(axis, first, first + length)
            : throw new TensorIndexException($"start ({start}) + length ({length}) exceeds dimension size ({size}).");
    }

    /// <summary>One position of a dimension, which disappears; shares memory.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">The position; negative counts from the end.</param>
    /// <exception cref="TensorIndexException">It does not exist.</exception>
    public Tensor Select(int dim, int index) => Op.Linear(Adjoint.Select.Of(this, dim, index), this);
}
