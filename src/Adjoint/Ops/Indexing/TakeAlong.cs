using System.Numerics;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

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
        _ => "GatherBackward0",
    };

    public string? Called => Call switch
    {
        AlongCall.Max => "Max",
        AlongCall.Min => "Min",
        _ => "Gather",
    };

    internal AlongCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x, TensorType positions) => KeepDim
        ? positions.To(x.DType)
        : x.With([.. positions.Layout.Sizes[..Dim], .. positions.Layout.Sizes[(Dim + 1)..]]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Fresh(positions.Layout, x.DType);
        Along.Move(x, positions, Dim, result, put: false);
        var sizes = positions.Layout.Sizes;
        return KeepDim ? result : new Tensor(result.Storage, Layout.Dense([.. sizes[..Dim], .. sizes[(Dim + 1)..]]), x.DType);
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(
            new PutAlong(Dim, input.Sizes, Call is AlongCall.Max or AlongCall.Min ? AlongCall.Scatter : Call),
            KeepDim ? g : g.Unsqueeze(Dim),
            positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new TakeAlong(Dim + 1, KeepDim, Call), x, positions);
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
        _ => "ScatterBackward0",
    };

    public string? Called => Call == AlongCall.Gather ? "ScatterAdd" : "Scatter";

    internal AlongCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Zeroed(Layout.Dense(Sizes), x.DType);
        Along.Move(result, positions, Dim, x, put: true);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new TakeAlong(Dim, KeepDim: true, Call), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new PutAlong(Dim + 1, [x.Layout.Sizes[0], .. Sizes.Items], Call), x, positions);
}

/// <summary>What a <see cref="TakeAlong"/> was called for, or the operator that a <see cref="PutAlong"/> pulls for, which decides its name.</summary>
internal enum AlongCall
{
    /// <summary>Elements at positions that the user gives.</summary>
    Gather,

    /// <summary>Extremes, put back to their places.</summary>
    Scatter,

    /// <summary>Largest elements.</summary>
    Max,

    /// <summary>Smallest elements.</summary>
    Min,

    /// <summary>All elements in order.</summary>
    Sort,

    /// <summary>The first of them.</summary>
    TopK,

    /// <summary>The elements of the classes that a loss is for.</summary>
    NllLoss,
}

/// <summary>The loop that gathers and scatters share.</summary>
internal static unsafe class Along
{
    /// <summary>For each position: reads an element of <paramref name="table"/>, or adds to it.</summary>
    /// <exception cref="TensorIndexException">A position is out of range.</exception>
    public static void Move(Tensor table, Tensor positions, int dim, Tensor values, bool put)
    {
        Guard.DTypes(table.DType, table, values);
        Guard.DTypes(DType.Int64, positions);
        Check(table.Layout.Sizes, positions.Layout.Sizes, values.Layout.Sizes, dim);
        fixed (byte* t = &table.Storage.Origin, p = &positions.Storage.Origin, v = &values.Storage.Origin)
        {
            var job = new Loops
            {
                Table = t, TableLayout = table.Layout, Positions = (long*)p, Layout = positions.Layout, Dim = dim,
                Values = v, ValueLayout = values.Layout, Puts = put,
            };
            table.DType.Visit(ref job);
        }

        GC.KeepAlive(table);
        GC.KeepAlive(positions);
        GC.KeepAlive(values);
    }

    private struct Loops : IDTypeJob
    {
        public byte* Table;
        public Layout TableLayout;
        public long* Positions;
        public Layout Layout;
        public int Dim;
        public byte* Values;
        public Layout ValueLayout;
        public bool Puts;

        readonly void IDTypeJob.Truth() => Move<byte, byte, AsStored<byte>>();

        readonly void IDTypeJob.Whole<T>() => Move<T, T, AsStored<T>>();

        readonly void IDTypeJob.Real<S, T, C>() => Move<S, T, C>();

        private readonly void Move<S, T, C>()
            where S : unmanaged
            where T : unmanaged, INumberBase<T>
            where C : struct, IStored<S, T> =>
            Along.Move<S, T, C>((S*)Table, TableLayout, Positions, Layout, Dim, (S*)Values, ValueLayout, Puts);
    }

    /// <summary>Positions reach no further than the table does beside the dimension, nor than the values.</summary>
    private static void Check(int[] table, int[] positions, int[] values, int dim)
    {
        var fits = table.Length == positions.Length && values.Length == positions.Length;
        for (var d = 0; fits && d < positions.Length; d++)
        {
            fits = positions[d] <= values[d] && (d == dim || positions[d] <= table[d]);
        }

        if (!fits)
        {
            throw new ShapeException(
                $"Expected index {Shape.Text(positions)} to be smaller than self {Shape.Text(table)} apart from dimension {dim} and to be smaller " +
                $"size than src {Shape.Text(values)}");
        }
    }

    private static void Move<S, T, C>(
        S* table, Layout tableLayout, long* positions, Layout layout, int dim, S* values, Layout valueLayout, bool put)
        where S : unmanaged
        where T : unmanaged, INumberBase<T>
        where C : struct, IStored<S, T>
    {
        var rank = layout.Rank;
        var index = new int[rank];
        var size = tableLayout.Sizes[dim];
        for (nint n = 0; n < layout.Count; n++)
        {
            var at = tableLayout.Offset;
            var from = layout.Offset;
            var to = valueLayout.Offset;
            for (var d = 0; d < rank; d++)
            {
                at += d == dim ? 0 : index[d] * tableLayout.Strides[d];
                from += index[d] * layout.Strides[d];
                to += index[d] * valueLayout.Strides[d];
            }

            var position = positions[from];
            if (position < 0 || position >= size)
            {
                throw new TensorIndexException($"index {position} is out of bounds for dimension {dim} with size {size}");
            }

            at += (nint)position * tableLayout.Strides[dim];
            if (put)
            {
                table[at] = C.Narrow(C.Widen(table[at]) + C.Widen(values[to]));
            }
            else
            {
                values[to] = table[at];
            }

            for (var d = rank - 1; d >= 0 && ++index[d] == layout.Sizes[d]; d--)
            {
                index[d] = 0;
            }
        }
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
