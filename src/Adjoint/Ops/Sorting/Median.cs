using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The element of each row in the middle of its order, the lower one of two, and where it was.</summary>
internal readonly record struct Median(int Dim, bool KeepDim, bool IgnoresNaN) : IMultiOutput
{
    public string GradName => IgnoresNaN ? "NanmedianBackward1" : "MedianBackward1";

    public string? Called => IgnoresNaN ? "NanMedian" : null;

    public static bool ReadsResult(int result) => result == 1;

    public static bool HasGradient(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs)
    {
        var values = inputs[0].With(Ordering.SizesOfOne(inputs[0].Layout.Sizes, Dim, KeepDim));
        return [values, values.To(DType.Int64)];
    }

    public Tensor[] Apply(Tensor[] inputs) => Ordering.One(inputs[0], Dim, KeepDim, IgnoresNaN ? RowPick.NanMedian : RowPick.Median);

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [Ordering.PullOne(gradients[0], shapes[0], results[1]!, Dim, KeepDim)];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [Ordering.PushOne(tangents[0]!, results[1], Dim, KeepDim), null];

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this with { Dim = Dim + 1 }, inputs);
}

/// <summary>The element in the middle of the order of all; equal ones share the gradient evenly.</summary>
internal readonly record struct MedianOfAll(bool IgnoresNaN) : IRows
{
    public string GradName => IgnoresNaN ? "NanmedianBackward0" : "MedianBackward0";

    public string? Called => IgnoresNaN ? "NanMedian" : "Median";

    public static bool Reduces => true;

    public static bool ReadsX => true;

    public static bool ReadsY => true;

    public Tensor Apply(Tensor x, RowDims rows)
    {
        var reduced = rows.Reduced;
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => !reduced[d]), .. Enumerable.Range(0, x.Rank).Where(d => reduced[d])];
        var last = Op.Contiguous(new Permute(order).Apply(x));
        var layout = Layout.Dense(rows.Sizes(x.Layout));
        var length = (nint)Dims.Count(x.Shape, reduced);
        var lines = last.View(new Layout([checked((int)layout.Count), checked((int)length)], [length, 1], last.Layout.Offset));
        var median = Ordering.One(lines, 1, keepDim: false, IgnoresNaN ? RowPick.NanMedian : RowPick.Median)[0];
        return new Tensor(median.Storage, layout, x.DType);
    }

    public Tensor Pull(Tensor g, Tensor? x, Tensor? y, RowDims rows) => rows.Keep(g, x!.Shape) * Shares(x, y!, rows);

    public Tensor? Push(Tensor t, Tensor x, Tensor y, RowDims rows) =>
        Formulas.SumOver(t * Shares(x, y, rows), rows.Reduced, rows.KeepDim);

    /// <summary>What part of the gradient each element gets: a constant.</summary>
    private static Tensor Shares(Tensor x, Tensor y, RowDims rows)
    {
        var (own, middle) = (x.Detach(), rows.Keep(y.Detach(), x.Shape));

        // A NaN is the median of itself, although it does not equal it.
        var isIt = own.Eq(middle).LogicalOr(own.Ne(own).LogicalAnd(middle.Ne(middle))).To(x.DType);
        return isIt / rows.Sum(isIt);
    }
}

/// <content>Medians.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The element in the middle of the order of all, the lower one of two (<c>torch.median</c>); NaN if any element is, or there is none. Equal ones
    /// share the gradient evenly.
    /// </summary>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor Median() => MedianOver(this, ignoresNaN: false);

    /// <summary>
    /// The element in the middle of the order along a dimension, the lower one of two, and where it is, the first of equal ones, which gets all the
    /// gradient (<c>torch.median</c>); the first NaN if there is one.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist, or is empty.</exception>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public (Tensor Values, Tensor Indices) Median(int dim, bool keepDim = false) => MedianAlong(this, dim, keepDim, ignoresNaN: false);

    /// <summary>
    /// The element in the middle of the order of all that are not NaN, the lower one of two (<c>torch.nanmedian</c>); NaN if there is none. Equal
    /// ones share the gradient evenly.
    /// </summary>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public Tensor NanMedian() => MedianOver(this, ignoresNaN: true);

    /// <summary>
    /// The element in the middle of the order of those along a dimension that are not NaN, the lower one of two, and where it is, the first of equal
    /// ones, which gets all the gradient (<c>torch.nanmedian</c>).
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="keepDim">Keep it with size 1.</param>
    /// <returns>The elements, and their positions as int64.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist, or is empty.</exception>
    /// <exception cref="DTypeException">The elements are truth values.</exception>
    public (Tensor Values, Tensor Indices) NanMedian(int dim, bool keepDim = false) => MedianAlong(this, dim, keepDim, ignoresNaN: true);

    private static Tensor MedianOver(Tensor x, bool ignoresNaN)
    {
        if (x.DType == DType.Bool)
        {
            throw x.DType.NotImplemented("median_out");
        }

        if (x.Layout.Count > 0)
        {
            return Op.Rows(new MedianOfAll(ignoresNaN), x, new RowDims(Dims.Mask([], x.Rank), keepDim: false, whole: true));
        }

        return x.DType.IsFloatingPoint
            ? x.Sum() + double.NaN
            : throw new TensorException("median(): the tensor is empty, and whole numbers have no NaN. Convert it with To(DType.Float32).");
    }

    private static (Tensor Values, Tensor Indices) MedianAlong(Tensor x, int dim, bool keepDim, bool ignoresNaN)
    {
        if (x.DType == DType.Bool)
        {
            throw x.DType.NotImplemented("median_out");
        }

        var (tensor, axis) = Ordering.AtLeastOne(x, dim);
        Ordering.ThrowIfEmpty(tensor, axis, ignoresNaN ? "nanmedian" : "median");
        var results = Op.MultiOutput(new Median(axis, keepDim && x.Rank > 0, ignoresNaN), tensor);
        return (results[0], results[1]);
    }
}
