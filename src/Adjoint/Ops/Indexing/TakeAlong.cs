using System.Numerics;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>
/// One element for each position of an index tensor, which runs along one dimension and agrees with the input on the others (PyTorch's
/// <c>gather</c>). Its transpose is <see cref="PutAlong"/>.
/// </summary>
internal readonly struct TakeAlong(int dim, bool keepDim, string gradName, string transposeName) : IIndexed
{
    public TakeAlong(int dim, bool keepDim)
        : this(dim, keepDim, "GatherBackward0", "ScatterAddBackward0")
    {
    }

    public string GradName => gradName;

    public TensorType Infer(TensorType x, TensorType positions) => keepDim
        ? positions.To(x.DType)
        : x.With([.. positions.Layout.Sizes[..dim], .. positions.Layout.Sizes[(dim + 1)..]]);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Fresh(positions.Layout, x.DType);
        Along.Move(x, positions, dim, result, put: false);
        var sizes = positions.Layout.Sizes;
        return keepDim ? result : new Tensor(result.Storage, Layout.Dense([.. sizes[..dim], .. sizes[(dim + 1)..]]), x.DType);
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new PutAlong(dim, input.Sizes, transposeName), keepDim ? g : g.Unsqueeze(dim), positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new TakeAlong(dim + 1, keepDim, gradName, transposeName), x, positions);
}

/// <summary>Adds each element to a position of zeros: the transpose of <see cref="TakeAlong"/>.</summary>
internal readonly struct PutAlong(int dim, int[] sizes, string gradName) : IIndexed
{
    public string GradName => gradName;

    public TensorType Infer(TensorType x, TensorType positions) => x.With(sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Zeroed(Layout.Dense(sizes), x.DType);
        Along.Move(result, positions, dim, x, put: true);
        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) =>
        Op.Indexed(new TakeAlong(dim, keepDim: true, "GatherBackward0", gradName), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new PutAlong(dim + 1, [x.Layout.Sizes[0], .. sizes], gradName), x, positions);
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

        return Op.Indexed(new TakeAlong(axis, keepDim: true), this, index);
    }

    /// <summary>This tensor under another object that owns its memory, once nothing else can name the memory.</summary>
    internal Tensor Owned() => new(Storage, Layout, DType);
}
