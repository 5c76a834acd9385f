using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// Groups of equal elements or slices. How many there are depends on values, which C# code reads: a batch goes on sample by sample.
/// </summary>
internal static class Groups
{
    /// <summary>Finds them, in order or as neighbours.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="dim">The dimension of slices; null for single elements.</param>
    /// <param name="sorted">In order; otherwise only neighbours are compared.</param>
    /// <param name="inverse">Whether the group of each element is wanted.</param>
    /// <param name="counts">Whether the number of elements of each group is wanted.</param>
    public static (Tensor Values, Tensor? Inverse, Tensor? Counts) Find(Tensor x, int? dim, bool sorted, bool inverse, bool counts)
    {
        x = x.Detach();
        var axis = dim is { } named ? x.Layout.Dim(named) : 0;
        var isSliced = dim is not null && x.Rank > 0;

        // One row for each slice.
        var slices = isSliced ? x.Movedim(axis, 0) : x.Reshape(-1);
        var rows = slices.Layout.Sizes[0];
        var (groups, firsts) = (Op.Fresh(Layout.Dense([rows]), DType.Int64), Op.Fresh(Layout.Dense([rows]), DType.Int64));
        var count = Number(Op.Wide(Op.Contiguous(slices)), rows, sorted, groups, firsts);
        firsts = firsts.Slice(0, 0, count);
        var values = slices[firsts];
        return (
            isSliced ? values.Movedim(0, axis).Contiguous() : values,
            inverse ? isSliced ? groups : groups.Reshape(x.Layout.Sizes) : null,
            counts ? groups.Bincount(minLength: count) : null);
    }

    private static unsafe int Number(Tensor rows, int count, bool sorted, Tensor groups, Tensor firsts)
    {
        if (count == 0)
        {
            return 0;
        }

        var length = rows.Layout.Count / count;
        if (rows.Layout.Count == 0)
        {
            throw new TensorException(
                "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied. The shape of each slice is empty: " +
                $"{Shape.Text(rows.Layout.Sizes.AsSpan(1))}.");
        }

        var order = !sorted ? null : length == 1
            ? Ordering.First(rows.Reshape(-1), 0, count, descending: false)[1]
            : Op.Fresh(Layout.Dense([count]), DType.Int64);
        using var pins = new Pins(rows, order, groups, firsts);
        var job = new Job
        {
            X = pins[0], Rows = count, Length = length, Order = (long*)pins[1], Sorts = sorted && length > 1, Groups = (long*)pins[2],
            Firsts = (long*)pins[3],
        };
        rows.DType.Visit(ref job);
        return (int)job.Count;
    }

    private unsafe struct Job : IDTypeJob
    {
        public byte* X;
        public int Rows;
        public nint Length;
        public long* Order;
        public bool Sorts;
        public long* Groups;
        public long* Firsts;
        public nint Count;

        void IDTypeJob.Truth() => Run<byte>();

        void IDTypeJob.Whole<T>() => Run<T>();

        void IDTypeJob.Real<S, T, C>() => Run<T>();

        private void Run<T>()
            where T : unmanaged, System.Numerics.INumber<T>
        {
            if (Sorts)
            {
                UniqueRows.Sort((T*)X, Rows, Length, new Span<long>(Order, Rows));
            }

            Count = UniqueRows.Group((T*)X, Rows, Length, Order, Groups, Firsts);
        }
    }
}

/// <content>Different elements.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The different elements, or the different slices along a dimension, in order (<c>torch.unique</c>). Every NaN is different. Nothing flows
    /// through.
    /// </summary>
    /// <param name="sorted">They have to be in order; they always are.</param>
    /// <param name="returnInverse">Whether to give the place in the result that each element has.</param>
    /// <param name="returnCounts">Whether to give how often each occurs.</param>
    /// <param name="dim">The dimension of slices; negative counts from the end; null for single elements, in a result of one dimension.</param>
    /// <returns>The elements; their places and their counts as int64, null where they are not asked for.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="TensorException">Slices are empty.</exception>
    public (Tensor Values, Tensor? Inverse, Tensor? Counts) Unique(
        bool sorted = true, bool returnInverse = false, bool returnCounts = false, int? dim = null)
    {
        _ = sorted;
        return Groups.Find(this, dim, sorted: true, returnInverse, returnCounts);
    }

    /// <summary>
    /// The first of each run of equal elements, or of equal slices along a dimension (<c>torch.unique_consecutive</c>). Every NaN is different.
    /// Nothing flows through.
    /// </summary>
    /// <param name="returnInverse">Whether to give the place in the result that each element has.</param>
    /// <param name="returnCounts">Whether to give how long each run is.</param>
    /// <param name="dim">The dimension of slices; negative counts from the end; null for single elements, in a result of one dimension.</param>
    /// <returns>The elements; their places and their counts as int64, null where they are not asked for.</returns>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    /// <exception cref="TensorException">Slices are empty.</exception>
    public (Tensor Values, Tensor? Inverse, Tensor? Counts) UniqueConsecutive(
        bool returnInverse = false, bool returnCounts = false, int? dim = null) =>
        Groups.Find(this, dim, sorted: false, returnInverse, returnCounts);
}
