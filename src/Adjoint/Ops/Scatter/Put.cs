using Adjoint.Families;

namespace Adjoint;

/// <summary>Values put at positions of a tensor that are counted over all elements in row-major order, or added there.</summary>
internal readonly record struct PutFlat(bool Accumulate) : IWrite
{
    public bool IsLinear => true;

    public string GradName => "PutBackward0";

    public string Called => "Put";

    public void Write(Tensor table, Tensor positions, Tensor values)
    {
        var line = Op.Contiguous(table);
        var (at, with) = (TakeFlat.Flat(Op.Contiguous(positions)), TakeFlat.Flat(Op.Contiguous(values)));
        Along.Run(Accumulate ? AlongMove.Sum : AlongMove.Put, TakeFlat.Flat(line), at, 0, with, AlongCall.Take);
        if (!ReferenceEquals(line, table))
        {
            Op.CopyInto(line, table);
        }
    }

    public Tensor PullTable(Tensor g, in Written saved) => Accumulate
        ? g
        : Op.Indexed(new EraseAlong(0, AlongCall.Take), g.Reshape(-1), saved.Positions.Reshape(-1)).Reshape(saved.TableShape.AsSpan());

    public Tensor PullValues(Tensor g, in Written saved)
    {
        var (flat, positions) = (g.Reshape(-1), saved.Positions.Reshape(-1));
        var taken = Accumulate
            ? Op.Indexed(default(TakeFlat), flat, positions)
            : Op.Indexed(new TakeLast(0, AlongCall.Take), flat, positions);
        return taken.Reshape(saved.ValuesShape.AsSpan());
    }

    public Tensor Batch(Tensor table, Tensor positions, Tensor values)
    {
        var (lines, at, with) = (TakeFlat.Lines(table), TakeFlat.Lines(positions), TakeFlat.Lines(values));
        var put = Accumulate
            ? Op.Write(new ScatterAdd(1, AlongCall.Take), lines, at, with)
            : Op.Write(new Scatter(1, AlongCall.Take), lines, at, with);
        return put.Reshape(table.Layout.Sizes);
    }
}

/// <content>Putting at positions of the flattened tensor.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with values at positions that are counted over all elements in row-major order (<c>torch.put</c>). Without accumulating the last one
    /// stays where several meet, and only that one gets a gradient.
    /// </summary>
    /// <param name="index">int64 or int32, of any shape; negative counts from the end.</param>
    /// <param name="source">As many values, of this dtype.</param>
    /// <param name="accumulate">Whether values are added.</param>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    /// <exception cref="ShapeException">There is another number of values.</exception>
    /// <exception cref="DTypeException">The values have another dtype, or the index is not whole.</exception>
    public Tensor Put(Tensor index, Tensor source, bool accumulate = false)
    {
        var (at, values) = PutArguments(index, source);
        return Op.Write(new PutFlat(accumulate), this, at, values);
    }

    /// <summary><see cref="Put"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Put_(Tensor index, Tensor source, bool accumulate = false)
    {
        var (at, values) = PutArguments(index, source);
        return Op.WriteInPlace(new PutFlat(accumulate), this, at, values);
    }

    private (Tensor At, Tensor Values) PutArguments(Tensor index, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(source);
        index = ScatterArguments.Whole("put_()", index);
        source = ScatterArguments.SameDType("put_()", this, source);
        if (source.Layout.Count != index.Layout.Count)
        {
            throw new ShapeException(
                $"put_(): Expected source and index to have the same number of elements, but got {source.Layout.Count} and {index.Layout.Count}.");
        }

        return Layout.Count > 0 || index.Layout.Count == 0
            ? (index, source)
            : throw new TensorIndexException("put_(): Expected self not to be empty when there are positions. Give it elements.");
    }
}
