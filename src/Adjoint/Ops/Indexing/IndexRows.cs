using System.Runtime.CompilerServices;
using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>
/// Where an index with tensors leads: which dimensions it covers, which rows over those dimensions it picks, and where the picked dimensions stand in
/// the result.
/// </summary>
/// <param name="Order">The input's dimensions, covered ones first.</param>
/// <param name="Covered">How many are covered.</param>
/// <param name="Rows">The picked rows, counted in row-major order of the covered dimensions.</param>
/// <param name="Picked">The sizes that replace the covered dimensions.</param>
/// <param name="Place">In front of which of the remaining dimensions they stand.</param>
internal sealed record IndexPlan(int[] Order, int Covered, long[] Rows, int[] Picked, int Place)
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

    public Tensor Apply(Tensor x)
    {
        var table = Op.Contiguous(new Permute(plan.Order, string.Empty).Apply(x));
        var rest = table.Layout.Sizes[plan.Covered..];
        var result = Op.Fresh(Layout.Dense([.. plan.Picked, .. rest]), x.DType);
        Rows.Move(table, plan.Rows, result, (nint)Shape.Product(rest), add: false);
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
        Rows.Move(table, plan.Rows, rows, (nint)Shape.Product(permuted.AsSpan(plan.Covered)), add: true);
        return new Permute(plan.Order, string.Empty).Transpose(table, Layout.Dense(sizes)).Owned();
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new IndexRows(plan), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new AddRows(plan.Behind(), [x.Layout.Sizes[0], .. sizes]), x);
}

/// <summary>Copies rows out of a table, or adds rows to it.</summary>
internal static unsafe class Rows
{
    public static void Move(Tensor table, long[] rows, Tensor values, nint width, bool add)
    {
        fixed (byte* t = &table.Storage.Origin, v = &values.Storage.Origin)
        {
            var from = t + (table.Layout.Offset * table.DType.ItemSize);
            var to = v + (values.Layout.Offset * values.DType.ItemSize);
            switch (table.DType)
            {
                case DType.Float32:
                    Move((float*)from, rows, (float*)to, width, add);
                    break;
                case DType.Float64:
                    Move((double*)from, rows, (double*)to, width, add);
                    break;
                case DType.Int64:
                    Move((long*)from, rows, (long*)to, width, add);
                    break;
                case DType.Int32:
                    Move((int*)from, rows, (int*)to, width, add);
                    break;
                default:
                    Move(from, rows, to, width, add);
                    break;
            }
        }

        GC.KeepAlive(table);
        GC.KeepAlive(values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move<T>(T* table, long[] rows, T* values, nint width, bool add)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        foreach (var row in rows)
        {
            var at = table + ((nint)row * width);
            for (nint i = 0; i < width; i++)
            {
                if (add)
                {
                    at[i] += values[i];
                }
                else
                {
                    values[i] = at[i];
                }
            }

            values += width;
        }
    }
}
