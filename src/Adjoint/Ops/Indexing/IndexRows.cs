using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// Where an index with tensors leads: which dimensions it covers, which rows over those dimensions it picks, and where the picked dimensions stand in
/// the result.
/// </summary>
/// <param name="Order">The input's dimensions, covered ones first.</param>
/// <param name="Covered">How many are covered.</param>
/// <param name="Rows">The picked rows, counted in row-major order of the covered dimensions: dense int64.</param>
/// <param name="Picked">The sizes that replace the covered dimensions.</param>
/// <param name="Place">In front of which of the remaining dimensions they stand.</param>
internal sealed record IndexPlan(int[] Order, int Covered, Tensor Rows, int[] Picked, int Place)
{
    /// <summary>The same places behind a new first dimension.</summary>
    public IndexPlan Behind()
    {
        var order = Array.ConvertAll(Order, d => d + 1);
        return this with { Order = [.. order[..Covered], 0, .. order[Covered..]], Place = Place + 1 };
    }
}

/// <summary>Rows picked by index tensors. Its transpose is <see cref="AddRows"/>.</summary>
internal readonly struct IndexRows(IndexPlan plan) : ILinear
{
    public bool IsUsedUp => true;

    public string GradName => "IndexBackward0";

    public TensorType Infer(TensorType x)
    {
        var sizes = x.Layout.Sizes;
        var rest = Array.ConvertAll(plan.Order[plan.Covered..], d => sizes[d]);
        return x.With([.. rest[..plan.Place], .. plan.Picked, .. rest[plan.Place..]]);
    }

    public Tensor Apply(Tensor x)
    {
        var table = Op.Contiguous(new Permute(plan.Order, string.Empty).Apply(x));
        var rest = table.Layout.Sizes[plan.Covered..];
        var result = Op.Fresh(Layout.Dense([.. plan.Picked, .. rest]), x.DType);
        Rows.Take(table, plan.Rows, result, (nint)Shape.Product(rest));
        return Placed(result, plan.Picked.Length, plan.Place);
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new AddRows(plan, input.Sizes), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new IndexRows(plan.Behind()), x);

    /// <summary>The first dimensions moved behind some of the others.</summary>
    public static Tensor Placed(Tensor x, int count, int place)
    {
        if (place == 0)
        {
            return x;
        }

        var order = new List<int>();
        order.AddRange(Enumerable.Range(count, place));
        order.AddRange(Enumerable.Range(0, count));
        order.AddRange(Enumerable.Range(count + place, x.Rank - count - place));
        return Op.Copy(new Permute([.. order], string.Empty).Apply(x));
    }
}

/// <summary>Rows added to picked places of zeros: the transpose of <see cref="IndexRows"/>.</summary>
internal readonly struct AddRows(IndexPlan plan, int[] sizes) : ILinear
{
    public bool IsUsedUp => true;

    public string GradName => "IndexPutBackward0";

    public TensorType Infer(TensorType x) => x.With(sizes);

    public Tensor Apply(Tensor x)
    {
        var picked = plan.Picked.Length;
        int[] order =
        [
            .. Enumerable.Range(plan.Place, picked), .. Enumerable.Range(0, plan.Place),
            .. Enumerable.Range(plan.Place + picked, x.Rank - picked - plan.Place),
        ];
        var rows = Op.Contiguous(new Permute(order, string.Empty).Apply(x));
        var all = sizes;
        var permuted = Array.ConvertAll(plan.Order, d => all[d]);
        var table = Op.Zeroed(Layout.Dense(permuted), x.DType);
        Rows.Add(table, plan.Rows, rows, (nint)Shape.Product(permuted.AsSpan(plan.Covered)));
        return new Permute(plan.Order, string.Empty).Transpose(table, Layout.Dense(sizes)).Owned();
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new IndexRows(plan), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new AddRows(plan.Behind(), [x.Layout.Sizes[0], .. sizes]), x);
}
