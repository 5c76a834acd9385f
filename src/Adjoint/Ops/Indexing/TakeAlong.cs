using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// One element for each position of an index tensor, which runs along one dimension and agrees with the input on the others (PyTorch's
/// <c>gather</c>). Its transpose is <see cref="PutAlong"/>.
/// </summary>
internal readonly record struct TakeAlong(int Dim, bool KeepDim, AlongCall Call = AlongCall.Gather) : IIndexed
{
    public string GradName => Call switch
    {
        AlongCall.Max => "MaxBackward0",
        AlongCall.Min => "MinBackward0",
        AlongCall.IndexSelect => "IndexSelectBackward0",
        _ => "GatherBackward0",
    };

    public string? Called => Call switch
    {
        AlongCall.Max => "Max",
        AlongCall.Min => "Min",
        AlongCall.IndexSelect => "IndexSelect",
        _ => "Gather",
    };

    internal AlongCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x, TensorType positions) => KeepDim
        ? positions.To(x.DType)
        : x.With([.. positions.Layout.Sizes[..Dim], .. positions.Layout.Sizes[(Dim + 1)..]]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Fresh(positions.Layout, x.DType);
        Along.Run(AlongMove.Take, x, positions, Dim, result, Call);
        var sizes = positions.Layout.Sizes;
        return KeepDim ? result : new Tensor(result.Storage, Layout.Dense([.. sizes[..Dim], .. sizes[(Dim + 1)..]]), x.DType);
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(
            new PutAlong(Dim, input.Sizes, Call is AlongCall.Max or AlongCall.Min ? AlongCall.Scatter : Call),
            KeepDim ? g : g.Unsqueeze(Dim),
            positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var taken = Op.Indexed(new TakeAlong(Dim + 1, KeepDim, Call), EraseAlong.Lined(x), EraseAlong.Lined(positions));
        return EraseAlong.Unlined(positions, taken);
    }
}

/// <summary>Adds each element to a position of zeros: the transpose of <see cref="TakeAlong"/>.</summary>
internal readonly record struct PutAlong(int Dim, ValueArray<int> Sizes, AlongCall Call) : IIndexed
{
    public string GradName => Call switch
    {
        AlongCall.Gather => "ScatterAddBackward0",
        AlongCall.Sort => "SortBackward0",
        AlongCall.TopK => "TopkBackward0",
        AlongCall.NllLoss => "NllLossBackwardBackward0",
        AlongCall.IndexSelect => "IndexAddBackward0",
        _ => "ScatterBackward0",
    };

    public string? Called => Call == AlongCall.Gather ? "ScatterAdd" : Call == AlongCall.IndexSelect ? "IndexAdd" : "Scatter";

    internal AlongCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Zeroed(Layout.Dense(Sizes), x.DType);
        Along.Run(AlongMove.Sum, result, positions, Dim, x, Call);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new TakeAlong(Dim, KeepDim: true, Call), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        int[] sizes = Sizes.Length == 0 ? [1] : Sizes.Items;
        var put = Op.Indexed(
            new PutAlong(Dim + 1, [x.Layout.Sizes[0], .. sizes], Call), EraseAlong.Lined(x), EraseAlong.Lined(positions));
        return Sizes.Length == 0 ? put.Squeeze(1) : put;
    }
}

/// <content>Picking elements by position.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The elements at positions along one dimension (<c>torch.gather</c>): result[i][j] = x[index[i][j]][j] for dimension 0.
    /// </summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">int64 or int32, as many dimensions as this tensor, no larger than it in the others.</param>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    /// <exception cref="ShapeException">The index has other dimensions.</exception>
    public Tensor Gather(int dim, Tensor index)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (index.DType != DType.Int64)
        {
            // Where nothing is picked PyTorch does not look at the type.
            index = index.DType == DType.Int32 || index.Layout.Count == 0
                ? index.To(DType.Int64)
                : throw new DTypeException(
                    $"gather(): Expected dtype int32/int64 for index. Got {index.DType.TorchName}: convert it with To(DType.Int64).");
        }

        if (Rank == 0 && index.Rank <= 1)
        {
            return Reshape(1).Gather(0, index.Reshape(-1)).Reshape(index.Layout.Sizes);
        }

        if (index.Rank != Rank)
        {
            throw new ShapeException("Index tensor must have the same number of dimensions as input tensor");
        }

        var axis = Layout.Dim(dim);
        for (var d = 0; d < Rank; d++)
        {
            if (d != axis && index.Layout.Sizes[d] > Layout.Sizes[d])
            {
                throw new ShapeException(
                    $"Size does not match at dimension {d} expected index {Shape.Text(index.Layout.Sizes)} to be no larger than self " +
                    $"{Shape.Text(Layout.Sizes)} apart from dimension {axis}");
            }
        }

        return Op.Indexed(new TakeAlong(axis, KeepDim: true), this, index);
    }

    /// <summary>This tensor under another object that owns its memory, once nothing else can name the memory.</summary>
    internal Tensor Owned() => new(Storage, Layout, DType);
}
