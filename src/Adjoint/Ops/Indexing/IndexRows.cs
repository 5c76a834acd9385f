using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>
/// How rows that an index with tensors picks lie in a tensor: which dimensions they cover, and where the dimensions of the row numbers stand in the
/// result. Row numbers, dense int64, count rows in row-major order of the covered dimensions; their sizes replace those of the covered dimensions.
/// </summary>
/// <param name="Order">The input's dimensions, covered ones first.</param>
/// <param name="Covered">How many are covered.</param>
/// <param name="Place">In front of which of the remaining dimensions those of the row numbers stand.</param>
internal sealed record IndexPlan(ValueArray<int> Order, int Covered, int Place) : IParameters
{
    public IEnumerable<KeyValuePair<string, object?>> List(string name) => [new("dims", Order.Items[..Covered]), new("place", Place)];

    /// <summary>The rows of a tensor of one dimension.</summary>
    public static readonly IndexPlan Elements = new([0], 1, 0);

    /// <summary>The same places behind a new first dimension.</summary>
    public IndexPlan Behind()
    {
        var order = Array.ConvertAll(Order.Items, d => d + 1);
        return this with { Order = [.. order[..Covered], 0, .. order[Covered..]], Place = Place + 1 };
    }

    /// <summary>Places over a new first dimension too, in front of everything in the result.</summary>
    public IndexPlan Over() => new([0, .. Order.Items.Select(d => d + 1)], Covered + 1, 0);

    /// <summary>Numbers of rows over a new first dimension, from those of the rows of each.</summary>
    /// <param name="rows">The numbers, with that dimension.</param>
    /// <param name="sizes">The sizes of each table.</param>
    public Tensor Over(Tensor rows, ReadOnlySpan<int> sizes)
    {
        var height = 1;
        foreach (var d in Order.Items.AsSpan(0, Covered))
        {
            height = Shape.Dimension((long)height * sizes[d], "the rows that an index covers");
        }

        return EmbeddingRows.Behind(rows, rows.Layout.Sizes[0], height);
    }

    /// <summary>The order of dimensions that brings those of the row numbers to the front, behind the first ones.</summary>
    /// <param name="rank">How many dimensions the result has.</param>
    /// <param name="picked">How many the row numbers have.</param>
    /// <param name="first">How many dimensions stay in front of everything.</param>
    public int[] ToFront(int rank, int picked, int first = 0) =>
    [
        .. Enumerable.Range(0, first), .. Enumerable.Range(first + Place, picked), .. Enumerable.Range(first, Place),
        .. Enumerable.Range(first + Place + picked, rank - first - Place - picked),
    ];

    /// <summary>The order that brings them back.</summary>
    public int[] FromFront(int rank, int picked, int first = 0)
    {
        var order = ToFront(rank, picked, first);
        var back = new int[rank];
        for (var d = 0; d < rank; d++)
        {
            back[order[d]] = d;
        }

        return back;
    }
}

/// <summary>Rows at row numbers. Its transpose is <see cref="AddRows"/>.</summary>
internal readonly record struct IndexRows(IndexPlan Plan) : IIndexed
{
    public string GradName => "IndexBackward0";

    public TensorType Infer(TensorType x, TensorType positions)
    {
        var sizes = x.Layout.Sizes;
        var rest = Array.ConvertAll(Plan.Order.Items[Plan.Covered..], d => sizes[d]);
        return x.With([.. rest[..Plan.Place], .. positions.Layout.Sizes, .. rest[Plan.Place..]]);
    }

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var table = Op.Contiguous(new Permute(Plan.Order).Apply(x));
        var rest = table.Layout.Sizes[Plan.Covered..];
        var result = Op.Fresh(Layout.Dense([.. positions.Layout.Sizes, .. rest]), x.DType);
        Rows.Take(table, positions, result, (nint)Shape.Product(rest));
        return Plan.Place == 0 ? result : Op.Copy(new Permute(Plan.FromFront(result.Rank, positions.Rank)).Apply(result));
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new AddRows(Plan, input.Sizes), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var rows = Plan.Over(positions, x.Layout.Sizes.AsSpan(1));
        var picked = Op.Indexed(new IndexRows(Plan.Over()), x, rows);
        return Plan.Place == 0 ? picked : picked.Permute(Plan.FromFront(picked.Rank, positions.Rank - 1, first: 1));
    }

    public Tensor? BatchAt(Tensor x, Tensor positions) => Op.Indexed(new IndexRows(Plan.Behind()), x, positions);
}

/// <summary>Rows added at row numbers to zeros: the transpose of <see cref="IndexRows"/>.</summary>
internal readonly record struct AddRows(IndexPlan Plan, ValueArray<int> Sizes) : IIndexed
{
    public string GradName => "IndexPutBackward0";

    public TensorType Infer(TensorType x, TensorType positions) => x.With(Sizes);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var rows = Op.Contiguous(new Permute(Plan.ToFront(x.Rank, positions.Rank)).Apply(x));
        var all = Sizes;
        var permuted = Array.ConvertAll(Plan.Order.Items, d => all[d]);
        var table = Op.Zeroed(Layout.Dense(permuted), x.DType);
        Rows.Add(table, positions, rows, (nint)Shape.Product(permuted.AsSpan(Plan.Covered)));
        return new Permute(Plan.Order).Transpose(table, Sizes.Items).Owned();
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new IndexRows(Plan), g, positions);

    public Tensor Batch(Tensor x, Tensor positions)
    {
        var front = Plan.Place == 0 ? x : x.Permute(Plan.ToFront(x.Rank, positions.Rank - 1, first: 1));
        return Op.Indexed(new AddRows(Plan.Over(), [x.Layout.Sizes[0], .. Sizes]), front, Plan.Over(positions, Sizes));
    }

    public Tensor? BatchAt(Tensor x, Tensor positions) => Op.Indexed(new AddRows(Plan.Behind(), [x.Layout.Sizes[0], .. Sizes]), x, positions);
}
