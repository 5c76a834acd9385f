using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// What writing into a view does, without changing anything: a tensor with a part of it replaced by another, no two places of which share an element.
/// </summary>
internal static class PartScatter
{
    /// <summary>Applies an operator that replaces a part, after a check that the source has the part's shape.</summary>
    public static Tensor Run<O, V>(O op, V part, Tensor x, Tensor source, string what)
        where O : struct, IJoin
        where V : struct, ILinear
    {
        var sizes = part.Infer(TensorType.Of(x)).Layout.Sizes;
        return source.Layout.Sizes.AsSpan().SequenceEqual(sizes)
            ? Op.Join(op, x, source.To(x.DType))
            : throw new ShapeException(
                $"expected src to have a size equal to the {what} of self. src size = {Shape.Text(source.Layout.Sizes)}, {what} size = " +
                Shape.Text(sizes));
    }

    /// <summary>The tensor with the part replaced.</summary>
    public static Tensor Apply<V>(V part, Tensor[] inputs)
        where V : struct, ILinear
    {
        var copy = Op.Copy(inputs[0]);
        Op.CopyInto(inputs[1], part.Apply(copy));
        return copy;
    }

    /// <summary>The gradient without the part, or the part of it.</summary>
    public static Tensor Transpose<O, V>(O op, V part, Tensor g, Shape[] inputs, int index)
        where O : struct, IJoin
        where V : struct, ILinear => index == 0 ? Op.Join(op, g, Tensor.Zeros(inputs[1].Sizes, g.DType)) : Op.Linear(part, g);
}

/// <summary>A tensor with one position of a dimension replaced.</summary>
internal readonly record struct SelectScatter(int Dim, int Position) : IJoin
{
    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => PartScatter.Apply(new Select(Dim, Position), inputs);

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) =>
        PartScatter.Transpose(this, new Select(Dim, Position), g, inputs, index);

    public Tensor? Batch(Tensor[] inputs) => Op.Join(this with { Dim = Dim + 1 }, inputs);
}

/// <summary>A tensor with every step-th position of a dimension replaced, from a start.</summary>
internal readonly record struct SliceScatter(int Dim, int Start, int Count, int Step) : IJoin
{
    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => PartScatter.Apply(new Slice(Dim, Start, Count, Step), inputs);

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) =>
        PartScatter.Transpose(this, new Slice(Dim, Start, Count, Step), g, inputs, index);

    public Tensor? Batch(Tensor[] inputs) => Op.Join(this with { Dim = Dim + 1 }, inputs);
}

/// <summary>A tensor with a diagonal replaced.</summary>
internal readonly record struct DiagonalScatter(int Offset, int Dim1, int Dim2) : IJoin
{
    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => PartScatter.Apply(new Diagonal(Offset, Dim1, Dim2), inputs);

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) =>
        PartScatter.Transpose(this, new Diagonal(Offset, Dim1, Dim2), g, inputs, index);

    public Tensor? Batch(Tensor[] inputs) => Op.Join(new DiagonalScatter(Offset, Dim1 + 1, Dim2 + 1), inputs);
}

/// <content>Parts replaced in a copy.</content>
public sealed partial class Tensor
{
    /// <summary>A copy with one position of a dimension replaced (<c>torch.select_scatter</c>).</summary>
    /// <param name="src">Of the shape of <c>Select(dim, index)</c>.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">The position; negative counts from the end.</param>
    /// <exception cref="ShapeException">The source has another shape.</exception>
    /// <exception cref="TensorIndexException">The dimension or the position does not exist.</exception>
    public Tensor SelectScatter(Tensor src, int dim, int index)
    {
        ArgumentNullException.ThrowIfNull(src);
        var part = Adjoint.Select.Of(this, dim, index);
        return PartScatter.Run(new SelectScatter(part.Dim, part.Position), part, this, src, "slice");
    }

    /// <summary>A copy with a slice replaced (<c>torch.slice_scatter</c>).</summary>
    /// <param name="src">Of the shape of <c>Slice(dim, start, end, step)</c>.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="start">The first position; negative counts from the end, null is 0.</param>
    /// <param name="end">The end, not included; negative counts from the end, null is the size.</param>
    /// <param name="step">At least 1.</param>
    /// <exception cref="ShapeException">The source has another shape.</exception>
    /// <exception cref="TensorIndexException">The dimension does not exist, or the step is not positive.</exception>
    public Tensor SliceScatter(Tensor src, int dim = 0, long? start = null, long? end = null, long step = 1)
    {
        ArgumentNullException.ThrowIfNull(src);
        var part = Adjoint.Slice.Of(this, dim, start, end, step);
        return PartScatter.Run(new SliceScatter(part.Dim, part.Start, part.Count, part.Step), part, this, src, "slice");
    }

    /// <summary>A copy with a diagonal replaced (<c>torch.diagonal_scatter</c>).</summary>
    /// <param name="src">Of the shape of <c>Diagonal(offset, dim1, dim2)</c>.</param>
    /// <param name="offset">Above the main diagonal if positive, below if negative.</param>
    /// <param name="dim1">The dimension of rows.</param>
    /// <param name="dim2">The dimension of columns.</param>
    /// <exception cref="ShapeException">The source has another shape.</exception>
    /// <exception cref="TensorIndexException">A dimension does not exist.</exception>
    public Tensor DiagonalScatter(Tensor src, int offset = 0, int dim1 = 0, int dim2 = 1)
    {
        ArgumentNullException.ThrowIfNull(src);
        var part = Adjoint.Diagonal.Of(this, offset, dim1, dim2);
        return PartScatter.Run(new DiagonalScatter(part.Offset, part.Dim1, part.Dim2), part, this, src, "diagonal");
    }
}
