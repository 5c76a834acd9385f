using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What the largest and the smallest element have in common: checks, and the search for positions.</summary>
internal static class Extremes
{
    public static Tensor Run<O>(Tensor x, ReadOnlySpan<int> dims, bool keepDim, O op, string name)
        where O : struct, IReduce
    {
        ArgumentNullException.ThrowIfNull(x);
        var reduced = Dims.Mask(dims, x.Rank);
        if (Dims.Count(x.Shape, reduced) == 0)
        {
            throw new TensorException(dims.Length == 0 ? NothingAtAll(x, name) : NothingAlong(x, FirstEmpty(x, dims), name));
        }

        return Op.Reduce(op, x, reduced, keepDim);
    }

    public static (Tensor Values, Tensor Indices) Along(Tensor x, int dim, bool keepDim, bool largest)
    {
        ArgumentNullException.ThrowIfNull(x);
        var axis = x.Layout.Dim(dim);
        if (x.Rank > 0 && x.Layout.Sizes[axis] == 0)
        {
            throw new TensorIndexException(NothingAlong(x, dim, largest ? "max" : "min"));
        }

        // Truth values are ordered as bytes.
        var positions = Positions(x.DType == DType.Bool ? x.To(DType.UInt8) : x, dim, keepDim: true, largest);
        var values = x.Rank == 0
            ? Op.Linear(new Identity(largest), x)
            : Op.Indexed(new TakeAlong(axis, keepDim, largest ? AlongCall.Max : AlongCall.Min), x, positions);
        return (values, keepDim || x.Rank == 0 ? positions : positions.Squeeze(axis));
    }

    public static Tensor Positions(Tensor x, int dim, bool keepDim, bool largest)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType == DType.Bool)
        {
            throw new DTypeException(
                $"{(largest ? "argmax" : "argmin")}(): does not support bool input. Convert the tensor first: x.To(DType.UInt8).");
        }

        var axis = x.Layout.Dim(dim);
        if (x.Rank == 0)
        {
            return Tensor.Zeros([], DType.Int64);
        }

        if (x.Layout.Sizes[axis] == 0)
        {
            throw new TensorIndexException(NothingAlong(x, dim, largest ? "argmax" : "argmin"));
        }

        return Op.Whole(new ExtremePosition(axis, keepDim, largest), x.Detach());
    }

    /// <summary>Where the largest or the smallest of all elements is, counted in row-major order.</summary>
    public static Tensor PositionOfAll(Tensor x, bool keepDim, bool largest)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Layout.Count == 0)
        {
            throw new TensorIndexException(NothingAtAll(x, largest ? "argmax" : "argmin"));
        }

        Tensor position;
        if (x.Layout.Count > int.MaxValue && !x.IsStandIn && x.DType != DType.Bool)
        {
            // More than one dimension can have.
            position = Op.Fresh(Layout.Scalar, DType.Int64);
            Search(Op.Contiguous(x), x.Layout.Count, position, largest);
        }
        else
        {
            position = Positions(x.Detach().Reshape(-1), 0, keepDim: false, largest);
        }

        return keepDim ? position.Reshape(Op.ReducedSizes(x.Layout, Dims.Mask([], x.Rank), keepDim: true)) : position;
    }

    public static unsafe void Search(Tensor rows, nint length, Tensor result, bool largest)
    {
        rows = Op.Wide(rows);
        Guard.Dense(rows, rows.DType, result.Layout.Count * length);
        Guard.Dense(result, DType.Int64, result.Layout.Count);
        fixed (byte* origin = &rows.Storage.Origin, to = &result.Storage.Origin)
        {
            var from = origin + (rows.Layout.Offset * rows.DType.ItemSize);
            var positions = (long*)to;
            var count = result.Layout.Count;
            var job = new Loops { From = from, To = positions, Count = count, Length = length, Largest = largest };
            rows.DType.Visit(ref job);
        }

        GC.KeepAlive(rows);
        GC.KeepAlive(result);
    }

    private unsafe struct Loops : IDTypeJob
    {
        public byte* From;
        public long* To;
        public nint Count;
        public nint Length;
        public bool Largest;

        readonly void IDTypeJob.Truth() => throw DType.Bool.NotImplemented("argmax");

        readonly void IDTypeJob.Whole<T>() => ExtremeRows.Whole((T*)From, Count, Length, To, Largest);

        readonly void IDTypeJob.Real<S, T, C>() => ExtremeRows.Real((T*)From, Count, Length, To, Largest);
    }

    private static int FirstEmpty(Tensor x, ReadOnlySpan<int> dims)
    {
        foreach (var dim in dims)
        {
            if (x.Layout.Sizes[x.Layout.Dim(dim)] == 0)
            {
                return dim;
            }
        }

        return 0;
    }

    private static string NothingAtAll(Tensor x, string name) =>
        $"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument. The tensor " +
        $"is empty: its shape is {Shape.Text(x.Layout.Sizes)}.";

    private static string NothingAlong(Tensor x, int dim, string name) =>
        $"{name}(): Expected reduction dim {dim} to have non-zero size. The shape is {Shape.Text(x.Layout.Sizes)}.";
}

/// <summary>Where the largest or the smallest elements along a dimension are; nothing flows through positions.</summary>
internal readonly record struct ExtremePosition(int Dim, bool KeepDim, bool Largest) : IWhole
{
    public TensorType Infer(TensorType x) => KeepDim
        ? x.To(DType.Int64).WithSize(Dim, 1)
        : x.To(DType.Int64).With([.. x.Layout.Sizes[..Dim], .. x.Layout.Sizes[(Dim + 1)..]]);

    public Tensor Apply(Tensor x)
    {
        var sizes = x.Layout.Sizes;
        int[] order = [.. Enumerable.Range(0, Dim), .. Enumerable.Range(Dim + 1, x.Rank - Dim - 1), Dim];
        var last = Op.Contiguous(new Permute(order).Apply(x));
        var result = Op.Fresh(Layout.Dense([.. sizes[..Dim], .. KeepDim ? [1] : Array.Empty<int>(), .. sizes[(Dim + 1)..]]), DType.Int64);
        Extremes.Search(last, sizes[Dim], result, Largest);
        return result;
    }

    public Tensor? Batch(Tensor x) => Op.Whole(new ExtremePosition(Dim + 1, KeepDim, Largest), x);
}

/// <summary>The tensor itself under the name of an operator that does nothing to a scalar.</summary>
internal readonly record struct Identity(bool IsLargest) : ILinear
{
    public string GradName => IsLargest ? "MaxBackward0" : "MinBackward0";

    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x) => Op.Copy(x);

    public Tensor Transpose(Tensor g, Shape input) => g;

    public Tensor? Batch(Tensor x) => Op.Linear(new Identity(IsLargest), x);
}
