using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Elements along a dimension picked by their order, with their positions: what sort, top-k, medians and the like have in common. Gradients go back
/// to the positions.
/// </summary>
internal static class Ordering
{
    /// <summary>The first elements in order, and where they were.</summary>
    /// <param name="x">The tensor; it has the dimension.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="count">How many.</param>
    /// <param name="descending">Largest first.</param>
    public static unsafe Tensor[] First(Tensor x, int dim, int count, bool descending)
    {
        var rows = RowsOf(x, dim);
        int[] sizes = [.. rows.Layout.Sizes[..^1], count];
        var (values, positions) = (Op.Fresh(Layout.Dense(sizes), rows.DType), Op.Fresh(Layout.Dense(sizes), DType.Int64));
        if (values.Layout.Count > 0)
        {
            using var pins = new Pins(rows, values, positions);
            var job = new FirstJob
            {
                From = pins[0], Values = pins[1], Positions = (long*)pins[2],
                Shape = (values.Layout.Count / count, rows.Layout.Sizes[^1], count), Descending = descending,
            };
            rows.DType.Visit(ref job);
        }

        return [Op.Convert(Back(values, dim), x.DType), Back(positions, dim)];
    }

    /// <summary>One element of each row along a dimension, and where it was; the dimension stays with size 1 or is gone.</summary>
    /// <param name="x">The tensor; the dimension has elements.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays.</param>
    /// <param name="pick">Which element.</param>
    /// <param name="k">Its place in the order, from 0, where that is asked for.</param>
    public static unsafe Tensor[] One(Tensor x, int dim, bool keepDim, RowPick pick, int k = 0)
    {
        var rows = RowsOf(x, dim);
        var layout = Layout.Dense(SizesOfOne(x.Layout.Sizes, dim, keepDim));
        var (values, positions) = (Op.Fresh(layout, rows.DType), Op.Fresh(layout, DType.Int64));
        if (layout.Count > 0)
        {
            using var pins = new Pins(rows, values, positions);
            var job = new OneJob
            {
                From = pins[0], Values = pins[1], Positions = (long*)pins[2], Rows = layout.Count, Length = rows.Layout.Sizes[^1], Pick = pick, K = k,
            };
            rows.DType.Visit(ref job);
        }

        return [Op.Convert(values, x.DType), positions];
    }

    /// <summary>Sizes without a dimension, or with size 1 there.</summary>
    public static int[] SizesOfOne(int[] sizes, int dim, bool keepDim) => keepDim
        ? [.. sizes[..dim], 1, .. sizes[(dim + 1)..]]
        : [.. sizes[..dim], .. sizes[(dim + 1)..]];

    /// <summary>Elements of zeros at positions: the gradient of the tensor from that of what was picked.</summary>
    public static Tensor? Pull(Tensor? g, Shape input, Tensor positions, int dim, AlongCall call) =>
        g is null ? null : Op.Indexed(new PutAlong(dim, input.Sizes, call), g, positions);

    /// <summary>The same from what has one element for each row.</summary>
    public static Tensor? PullOne(Tensor? g, Shape input, Tensor positions, int dim, bool keepDim) => g is null ? null : keepDim
        ? Pull(g, input, positions, dim, AlongCall.Scatter)
        : Pull(g.Unsqueeze(dim), input, positions.Unsqueeze(dim), dim, AlongCall.Scatter);

    /// <summary>The tangent of what has one element for each row.</summary>
    public static Tensor PushOne(Tensor t, Tensor positions, int dim, bool keepDim) => keepDim
        ? t.Gather(dim, positions)
        : t.Gather(dim, positions.Unsqueeze(dim)).Squeeze(dim);

    /// <summary>A scalar has one dimension here.</summary>
    public static (Tensor X, int Dim) AtLeastOne(Tensor x, int dim) => x.Rank > 0 ? (x, x.Layout.Dim(dim)) : (x.Reshape(1), x.Layout.Dim(dim));

    /// <summary>Checks that a dimension has elements.</summary>
    /// <exception cref="TensorIndexException">It has none.</exception>
    public static void ThrowIfEmpty(Tensor x, int dim, string name)
    {
        if (x.Rank > 0 && x.Layout.Sizes[x.Layout.Dim(dim)] == 0)
        {
            throw new TensorIndexException(
                $"{name}(): Expected reduction dim {dim} to have non-zero size. The shape is {Shape.Text(x.Layout.Sizes)}.");
        }
    }

    /// <summary>The tensor with a dimension last, without gaps, in the dtype that its elements are compared in.</summary>
    private static Tensor RowsOf(Tensor x, int dim)
    {
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => d != dim), dim];
        return Op.Wide(Op.Contiguous(new Permute(order).Apply(x)));
    }

    /// <summary>The last dimension back in its place, in memory of its own.</summary>
    private static Tensor Back(Tensor made, int dim)
    {
        int[] order = [.. Enumerable.Range(0, dim), made.Rank - 1, .. Enumerable.Range(dim, made.Rank - 1 - dim)];
        return Op.Contiguous(new Permute(order).Apply(made)).Owned();
    }

    private unsafe struct FirstJob : IDTypeJob
    {
        public byte* From;
        public byte* Values;
        public long* Positions;
        public (nint Rows, int Length, int Count) Shape;
        public bool Descending;

        readonly void IDTypeJob.Truth() => SortRows.First<byte, WholeKey<byte>>(From, Values, Positions, Shape, Descending);

        readonly void IDTypeJob.Whole<T>() => SortRows.First<T, WholeKey<T>>((T*)From, (T*)Values, Positions, Shape, Descending);

        // What is stored in fewer bits has been widened.
        readonly void IDTypeJob.Real<S, T, C>() => SortRows.First<T, RealKey<T>>((T*)From, (T*)Values, Positions, Shape, Descending);
    }

    private unsafe struct OneJob : IDTypeJob
    {
        public byte* From;
        public byte* Values;
        public long* Positions;
        public nint Rows;
        public int Length;
        public RowPick Pick;
        public int K;

        readonly void IDTypeJob.Truth() => PickRows.Run<byte, WholeKey<byte>>(From, Values, Positions, Rows, Length, Pick, K);

        readonly void IDTypeJob.Whole<T>() => PickRows.Run<T, WholeKey<T>>((T*)From, (T*)Values, Positions, Rows, Length, Pick, K);

        readonly void IDTypeJob.Real<S, T, C>() => PickRows.Run<T, RealKey<T>>((T*)From, (T*)Values, Positions, Rows, Length, Pick, K);
    }
}
