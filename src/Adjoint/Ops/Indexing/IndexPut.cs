using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>A tensor with picked rows replaced by a value that broadcasts; the last write wins where a row is picked twice.</summary>
internal readonly struct IndexPut(IndexPlan plan) : IJoin
{
    public bool IsUsedUp => true;

    public string GradName => "IndexPutBackward0";

    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs)
    {
        var result = Op.Copy(inputs[0]);
        Write(result, plan, inputs[1]);
        return result;
    }

    public Tensor Transpose(Tensor g, Layout[] inputs, int index) =>
        index == 0 ? Op.Linear(new EraseRows(plan), g) : Op.Linear(new IndexRows(plan), g);

    /// <summary>Overwrites the picked rows, not recorded.</summary>
    public static void Write(Tensor table, IndexPlan plan, Tensor value)
    {
        var target = new Permute(plan.Order, string.Empty).Apply(table);
        var rest = target.Layout.Sizes[plan.Covered..];
        var picked = plan.Picked.Length;
        var rows = value.View(Broadcast(value, plan, rest));
        int[] order =
        [
            .. Enumerable.Range(plan.Place, picked), .. Enumerable.Range(0, plan.Place),
            .. Enumerable.Range(plan.Place + picked, rest.Length - plan.Place),
        ];
        var source = Op.Copy(new Permute(order, string.Empty).Apply(rows));
        if (target.Layout.IsContiguous)
        {
            Rows.Put(target, plan.Rows, source, (nint)Shape.Product(rest));
            return;
        }

        var numbers = plan.Rows.ToArray<long>();
        source = source.View(Layout.Dense([numbers.Length, .. rest]));
        for (var i = 0; i < numbers.Length; i++)
        {
            Op.CopyInto(new Select(0, i).Apply(source), At(target, plan, numbers[i]));
        }
    }

    /// <summary>Checks that a value broadcasts to what a plan picks.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    public static void ThrowUnlessFits(Tensor table, IndexPlan plan, Tensor value) =>
        Broadcast(value, plan, Array.ConvertAll(plan.Order[plan.Covered..], d => table.Layout.Sizes[d]));

    private static Layout Broadcast(Tensor value, IndexPlan plan, int[] rest)
    {
        int[] sizes = [.. rest[..plan.Place], .. plan.Picked, .. rest[plan.Place..]];
        try
        {
            return value.Layout.Expand(sizes);
        }
        catch (ShapeException)
        {
            throw new ShapeException(
                $"shape mismatch: value tensor of shape {Shape.Text(value.Layout.Sizes)} cannot be broadcast to indexing result of shape " +
                $"{Shape.Text(sizes)}");
        }
    }

    /// <summary>One row over the covered dimensions, as a view.</summary>
    public static Tensor At(Tensor target, IndexPlan plan, long row)
    {
        var offset = target.Layout.Offset;
        for (var d = plan.Covered - 1; d >= 0; d--)
        {
            (row, var position) = Math.DivRem(row, target.Layout.Sizes[d]);
            offset += (nint)position * target.Layout.Strides[d];
        }

        return target.View(new Layout(target.Layout.Sizes[plan.Covered..], target.Layout.Strides[plan.Covered..], offset));
    }
}

/// <summary>A tensor with picked rows set to zero; its own transpose.</summary>
internal readonly struct EraseRows(IndexPlan plan) : ILinear
{
    public bool IsUsedUp => true;

    public string GradName => "IndexPutBackward0";

    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x)
    {
        var result = Op.Copy(x);
        var target = new Permute(plan.Order, string.Empty).Apply(result);
        if (target.Layout.IsContiguous)
        {
            Rows.Erase(target, plan.Rows, (nint)Shape.Product(target.Layout.Sizes.AsSpan(plan.Covered)));
            return result;
        }

        foreach (var row in plan.Rows.ToArray<long>())
        {
            Numbers.Fill(IndexPut.At(target, plan, row), 0);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new EraseRows(plan), g);

    public Tensor? Batch(Tensor x) => Op.Linear(new EraseRows(plan.Behind()), x);
}
