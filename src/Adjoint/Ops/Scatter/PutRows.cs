using Adjoint.Families;

namespace Adjoint;

/// <summary>Rows put at row numbers of a tensor, or added there: an index put of tensors. The last row stays where several meet.</summary>
internal readonly record struct PutRows(IndexPlan Plan, bool Accumulate) : IWrite
{
    public bool IsLinear => true;

    public string GradName => "IndexPutBackward0";

    public string Called => "IndexPut";

    /// <summary>What reaches rows that were put: the gradients at their numbers, and zero for a number that a later row repeats. Recorded.</summary>
    public static Tensor TakeLast(IndexPlan plan, Tensor g, Tensor numbers)
    {
        var taken = Op.Indexed(new IndexRows(plan), g, numbers);
        var height = 1L;
        foreach (var d in plan.Order.Items.AsSpan(0, plan.Covered))
        {
            height *= g.Layout.Sizes[d];
        }

        var rows = Tensor.Ones([Shape.Dimension(height, "the rows that an index covers")], DType.Int32);
        var isRepeated = Op.Indexed(new TakeLast(0, AlongCall.Take), rows, numbers.Reshape(-1)).Reshape(numbers.Layout.Sizes).Eq(0);
        return taken.MaskedFill(isRepeated.Reshape([.. numbers.Layout.Sizes, .. Enumerable.Repeat(1, taken.Rank - numbers.Rank - plan.Place)]), 0);
    }

    public void Write(Tensor table, Tensor positions, Tensor values)
    {
        if (!Accumulate)
        {
            IndexPut.Write(table, Plan, positions, values);
            return;
        }

        var target = new Permute(Plan.Order).Apply(table);
        var line = Op.Contiguous(target);
        var rows = Op.Contiguous(new Permute(Plan.ToFront(values.Rank, positions.Rank)).Apply(values));
        Rows.Add(line, positions, rows, (nint)Shape.Product(line.Layout.Sizes.AsSpan(Plan.Covered)));
        if (!ReferenceEquals(line, target))
        {
            Op.CopyInto(line, target);
        }
    }

    public Tensor PullTable(Tensor g, in Written saved) => Accumulate ? g : Op.Indexed(new EraseRows(Plan), g, saved.Positions);

    public Tensor PullValues(Tensor g, in Written saved) =>
        Accumulate ? Op.Indexed(new IndexRows(Plan), g, saved.Positions) : TakeLast(Plan, g, saved.Positions);

    public Tensor Batch(Tensor table, Tensor positions, Tensor values)
    {
        var front = Plan.Place == 0 ? values : values.Permute(Plan.ToFront(values.Rank, positions.Rank - 1, first: 1));
        return Op.Write(new PutRows(Plan.Over(), Accumulate), table, Plan.Over(positions, table.Layout.Sizes.AsSpan(1)), front);
    }
}

/// <content>Writing where tensors index.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy with values where index tensors point (<c>torch.index_put</c>): <c>x[i, j] = values</c> as a function. Without accumulating the last
    /// value stays where several meet, and only that one gets a gradient.
    /// </summary>
    /// <param name="indices">
    /// An index for each dimension, of int64, int32 or bool, which broadcast; null for all of a dimension. Those at the end may be left out.
    /// </param>
    /// <param name="values">The values, which broadcast to what is indexed; a number for all.</param>
    /// <param name="accumulate">Whether values are added.</param>
    /// <exception cref="TensorIndexException">A position is out of range, or there are too many indices.</exception>
    /// <exception cref="ShapeException">The values do not broadcast to what is indexed.</exception>
    /// <exception cref="DTypeException">The values have another dtype.</exception>
    public Tensor IndexPut(Tensor?[] indices, Tensor values, bool accumulate = false)
    {
        var (op, rows, filled) = IndexPutArguments(indices, values, accumulate);
        return Op.Write(op, this, rows, filled);
    }

    /// <summary><see cref="IndexPut"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor IndexPut_(Tensor?[] indices, Tensor values, bool accumulate = false)
    {
        var (op, rows, filled) = IndexPutArguments(indices, values, accumulate);
        return Op.WriteInPlace(op, this, rows, filled);
    }

    private (PutRows Op, Tensor Rows, Tensor Values) IndexPutArguments(Tensor?[] indices, Tensor values, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(values);
        if (!values.IsNumber && values.DType != DType)
        {
            throw new DTypeException(
                $"Index put requires the source and destination dtypes match, got {DType.ScalarName} for the destination and " +
                $"{values.DType.ScalarName} for the source. Convert the values with To(DType.{DType}).");
        }

        var (plan, rows) = Indexing.PlanOf(this, indices);
        var number = ScatterArguments.SameDType("index_put_()", this, values);
        return (new PutRows(plan, accumulate), rows, Adjoint.IndexPut.Spread(this, plan, rows, Indexing.WithoutLeadingOnes(number)));
    }
}
