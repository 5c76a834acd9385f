using Adjoint.Families;

namespace Adjoint;

/// <summary>Values that are added to elements of a tensor at positions along a dimension.</summary>
internal readonly record struct ScatterAdd(int Dim, AlongCall Call) : IWrite
{
    internal AlongCall Call { get; init; } = Call;

    public bool IsLinear => true;

    public string GradName => Call switch
    {
        AlongCall.IndexAdd => "IndexAddBackward0",
        AlongCall.Take => "PutBackward0",
        _ => "ScatterAddBackward0",
    };

    public string Called => Call switch
    {
        AlongCall.IndexAdd => "IndexAdd",
        AlongCall.Take => "Put",
        _ => "ScatterAdd",
    };

    public void Write(Tensor table, Tensor positions, Tensor values) => Along.Run(AlongMove.Sum, table, positions, Dim, values, Call);

    public Tensor PullTable(Tensor g, in Written saved) => g;

    public Tensor PullValues(Tensor g, in Written saved) =>
        Op.Indexed(new TakeAlong(Dim, KeepDim: true, Call == AlongCall.IndexAdd ? AlongCall.IndexSelect : Call), g, saved.Positions);

    public Tensor Batch(Tensor table, Tensor positions, Tensor values) => EraseAlong.Unlined(
        table, Op.Write(new ScatterAdd(Dim + 1, Call), EraseAlong.Lined(table), EraseAlong.Lined(positions), EraseAlong.Lined(values)));
}

/// <content>Adding at positions along a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with values added at positions along one dimension (<c>torch.scatter_add</c>): result[index[i][j]][j] += src[i][j] for dimension 0.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">int64 or int32, as many dimensions as this tensor, no larger than it in the others, and no larger than the values.</param>
    /// <param name="src">The values, of this dtype.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The values have another dtype, or the index is not whole.</exception>
    public Tensor ScatterAdd(int dim, Tensor index, Tensor src)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.Write(new ScatterAdd(axis, AlongCall.ScatterAdd), this, at, values);
    }

    /// <summary><see cref="ScatterAdd"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor ScatterAdd_(int dim, Tensor index, Tensor src)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.WriteInPlace(new ScatterAdd(axis, AlongCall.ScatterAdd), this, at, values);
    }
}
