using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// Values that overwrite elements of a tensor at positions along a dimension; the last one stays where several meet. So the gradient of a value that
/// another one has overwritten is zero, unlike PyTorch's.
/// </summary>
internal readonly record struct Scatter(int Dim, AlongCall Call) : IWrite
{
    internal AlongCall Call { get; init; } = Call;

    public bool IsLinear => true;

    public string GradName => Call switch
    {
        AlongCall.ScatterNumber => "ScatterBackward1",
        AlongCall.IndexCopy => "IndexCopyBackward0",
        AlongCall.IndexFillNumber => "IndexFillBackward0",
        AlongCall.IndexFill => "IndexFillBackward1",
        AlongCall.Take => "PutBackward0",
        _ => "ScatterBackward0",
    };

    public string Called => Call switch
    {
        AlongCall.IndexCopy => "IndexCopy",
        AlongCall.IndexFill or AlongCall.IndexFillNumber => "IndexFill",
        AlongCall.Take => "Put",
        _ => "Scatter",
    };

    public int[]? ShownInputs => Call is AlongCall.ScatterNumber or AlongCall.IndexFillNumber ? [0] : null;

    public void Write(Tensor table, Tensor positions, Tensor values) => Along.Run(AlongMove.Put, table, positions, Dim, values, Call);

    public Tensor PullTable(Tensor g, in Written saved) => Op.Indexed(new EraseAlong(Dim, Call), g, saved.Positions);

    public Tensor PullValues(Tensor g, in Written saved) => Op.Indexed(new TakeLast(Dim, Call), g, saved.Positions);

    public Tensor Batch(Tensor table, Tensor positions, Tensor values) => EraseAlong.Unlined(
        table, Op.Write(new Scatter(Dim + 1, Call), EraseAlong.Lined(table), EraseAlong.Lined(positions), EraseAlong.Lined(values)));
}

/// <content>Writing at positions along a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with values at positions along one dimension (<c>torch.scatter</c>): result[index[i][j]][j] = src[i][j] for dimension 0. Where several
    /// values meet the last one stays, and only that one gets a gradient.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">int64 or int32, as many dimensions as this tensor, no larger than it in the others, and no larger than the values.</param>
    /// <param name="src">The values, of this dtype; or a number for all.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The values have another dtype, or the index is not whole.</exception>
    public Tensor Scatter(int dim, Tensor index, Tensor src)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.Write(new Scatter(axis, src.IsNumber ? AlongCall.ScatterNumber : AlongCall.Scatter), this, at, values);
    }

    /// <summary>
    /// The same where values are joined with what is there (<c>torch.scatter</c> with <c>reduce</c> <c>"add"</c> or <c>"multiply"</c>).
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">The positions.</param>
    /// <param name="src">The values, or a number for all.</param>
    /// <param name="reduce"><see cref="ScatterReduction.Sum"/> or <see cref="ScatterReduction.Prod"/>.</param>
    /// <exception cref="ArgumentException">The reduction is another one; see <see cref="ScatterReduce"/>.</exception>
    public Tensor Scatter(int dim, Tensor index, Tensor src, ScatterReduction reduce)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return reduce switch
        {
            ScatterReduction.Sum => Op.Write(new ScatterAdd(axis, AlongCall.ScatterAdd), this, at, values),
            ScatterReduction.Prod => Op.Write(new ScatterReduce(axis, reduce, true, AlongCall.ScatterReduce), this, at, values),
            _ => throw NeitherAddNorMultiply(reduce),
        };
    }

    /// <summary><see cref="Scatter(int, Tensor, Tensor)"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Scatter_(int dim, Tensor index, Tensor src)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.WriteInPlace(new Scatter(axis, src.IsNumber ? AlongCall.ScatterNumber : AlongCall.Scatter), this, at, values);
    }

    /// <summary><see cref="Scatter(int, Tensor, Tensor, ScatterReduction)"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ArgumentException">The reduction is neither a sum nor a product.</exception>
    public Tensor Scatter_(int dim, Tensor index, Tensor src, ScatterReduction reduce)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return reduce switch
        {
            ScatterReduction.Sum => Op.WriteInPlace(new ScatterAdd(axis, AlongCall.ScatterAdd), this, at, values),
            ScatterReduction.Prod => Op.WriteInPlace(new ScatterReduce(axis, reduce, true, AlongCall.ScatterReduce), this, at, values),
            _ => throw NeitherAddNorMultiply(reduce),
        };
    }

    private static ArgumentException NeitherAddNorMultiply(ScatterReduction reduce) => new(
        $"reduce argument must be either add or multiply. {reduce} is a reduction of ScatterReduce.", nameof(reduce));
}
