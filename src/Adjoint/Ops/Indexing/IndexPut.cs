using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>
/// A tensor with picked rows replaced by a value that broadcasts; the last write wins where a row is picked twice. Its inputs are the tensor, the
/// value, and the numbers of the rows.
/// </summary>
internal readonly record struct IndexPut(IndexPlan Plan) : IPulled
{
    public string GradName => "IndexPutBackward0";

    public int Differentiable => 2;

    public Reads Reads(Places wanted) => new(Places.Of(2));

    public TensorType Infer(TensorType?[] inputs) => inputs[0]!.Value;

    public Tensor Apply(Tensor?[] inputs, out Tensor?[] made)
    {
        made = [];
        var result = Op.Copy(inputs[0]!);
        Write(result, Plan, inputs[2]!, Op.Convert(inputs[1]!, result.DType));
        return result;
    }

    public Tensor?[] Pull(Tensor g, in Remembered saved)
    {
        var rows = saved.Inputs[2]!;
        return
        [
            saved.Wanted[0] ? Op.Indexed(new EraseRows(Plan), g, rows) : null,
            saved.Wanted[1] ? PutRows.TakeLast(Plan, g, rows) : null,
        ];
    }

    /// <summary>Overwrites the picked rows, not recorded.</summary>
    public static void Write(Tensor table, IndexPlan plan, Tensor numbers, Tensor value)
    {
        var target = new Permute(plan.Order).Apply(table);
        var rest = target.Layout.Sizes[plan.Covered..];
        var rows = value.View(Broadcast(value, plan, numbers, rest));
        var source = Op.Copy(new Permute(plan.ToFront(rows.Rank, numbers.Rank)).Apply(rows));
        if (target.Layout.IsContiguous)
        {
            Rows.Put(target, numbers, source, (nint)Shape.Product(rest));
            return;
        }

        var each = numbers.ToArray<long>();
        source = source.View(Layout.Dense([each.Length, .. rest]));
        for (var i = 0; i < each.Length; i++)
        {
            Op.CopyInto(new Select(0, i).Apply(source), At(target, plan, each[i]));
        }
    }

    /// <summary>Checks that a value broadcasts to what a plan picks.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    public static void ThrowUnlessFits(Tensor table, IndexPlan plan, Tensor numbers, Tensor value) =>
        Broadcast(value, plan, numbers, Array.ConvertAll(plan.Order.Items[plan.Covered..], d => table.Layout.Sizes[d]));

    /// <summary>A value broadcast to what a plan picks, recorded.</summary>
    /// <exception cref="ShapeException">It does not broadcast to it.</exception>
    public static Tensor Spread(Tensor table, IndexPlan plan, Tensor numbers, Tensor value)
    {
        var rest = Array.ConvertAll(plan.Order.Items[plan.Covered..], d => table.Layout.Sizes[d]);
        var sizes = Broadcast(value, plan, numbers, rest).Sizes;
        return value.Layout.Sizes.AsSpan().SequenceEqual(sizes) ? value : value.Expand(sizes);
    }

    private static Layout Broadcast(Tensor value, IndexPlan plan, Tensor numbers, int[] rest)
    {
        int[] sizes = [.. rest[..plan.Place], .. numbers.Layout.Sizes, .. rest[plan.Place..]];
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

/// <summary>A tensor with the rows at row numbers set to zero; its own transpose.</summary>
internal readonly record struct EraseRows(IndexPlan Plan) : IIndexed
{
    public string GradName => "IndexPutBackward0";

    public TensorType Infer(TensorType x, TensorType positions) => x;

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var result = Op.Copy(x);
        var target = new Permute(Plan.Order).Apply(result);
        if (target.Layout.IsContiguous)
        {
            Rows.Erase(target, positions, (nint)Shape.Product(target.Layout.Sizes.AsSpan(Plan.Covered)));
            return result;
        }

        foreach (var row in positions.ToArray<long>())
        {
            Numbers.Fill(IndexPut.At(target, Plan, row), 0);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new EraseRows(Plan), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new EraseRows(Plan.Over()), x, Plan.Over(positions, x.Layout.Sizes.AsSpan(1)));

    public Tensor? BatchAt(Tensor x, Tensor positions) => Op.Indexed(new EraseRows(Plan.Behind()), x, positions);
}
