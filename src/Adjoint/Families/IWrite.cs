using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator that writes values into some elements of a table, at positions: scatters, index puts. Out of place it writes into a copy of the table,
/// in place into the table itself. Gradients flow to the table and to the values; the positions, whole numbers or a mask, have none.
/// </summary>
internal interface IWrite : IOperator
{
    /// <summary>
    /// Whether the result is linear in table and values together, so that its push is itself and its pulls read the positions alone. Otherwise pulls
    /// read the table, the values and the result as well, and the push is the pull of the pull.
    /// </summary>
    bool IsLinear { get; }

    /// <summary>Writes, not recorded.</summary>
    /// <param name="table">The elements to change, of any strides.</param>
    /// <param name="positions">Where.</param>
    /// <param name="values">What, of the table's dtype.</param>
    void Write(Tensor table, Tensor positions, Tensor values);

    /// <summary>The gradient of the table in recorded tensor operators.</summary>
    Tensor PullTable(Tensor g, in Written saved);

    /// <summary>The gradient of the values in recorded tensor operators.</summary>
    Tensor PullValues(Tensor g, in Written saved);

    /// <summary>The operator on each of a batch along a new first dimension, which all have, in recorded tensor operators.</summary>
    Tensor Batch(Tensor table, Tensor positions, Tensor values);
}

/// <summary>What a pull of an <see cref="IWrite"/> reads.</summary>
/// <param name="TableShape">The shape of the table.</param>
/// <param name="ValuesShape">The shape of the values.</param>
/// <param name="Positions">The positions.</param>
/// <param name="Table">The table as it was before; null for a linear operator, as the next two.</param>
/// <param name="Values">The values.</param>
/// <param name="Result">The result.</param>
internal readonly record struct Written(
    Shape TableShape, Shape ValuesShape, Tensor Positions, Tensor? Table, Tensor? Values, Tensor? Result);

/// <summary>A recorded <see cref="IWrite"/>.</summary>
internal sealed class WriteNode<O> : Node
    where O : struct, IWrite
{
    private readonly O _op;
    private readonly Edge _tableEdge;
    private readonly Edge _valuesEdge;
    private readonly Layout _tableLayout;
    private readonly Layout _valuesLayout;
    private Saved _positions;
    private Saved _table;
    private Saved _values;
    private Saved _result;

    public WriteNode(O op, Edge tableEdge, Edge valuesEdge, Tensor table, Tensor positions, Tensor values, Tensor result)
    {
        (_op, _tableEdge, _valuesEdge, _tableLayout, _valuesLayout) = (op, tableEdge, valuesEdge, table.Layout, values.Layout);
        Attach(result, table, positions, values);
        _positions = new Saved(positions);
        if (!op.IsLinear)
        {
            (_table, _values, _result) = (new Saved(table), new Saved(values), new Saved(result));
        }
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 2;

    internal override int[]? ShownInputs => _op.ShownInputs;

    internal override Edge GetEdge(int index) => index == 0 ? _tableEdge : _valuesEdge;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (IsFreed)
        {
            throw Saved.Freed();
        }

        var (reads, positions) = (!_op.IsLinear, _positions.Read(this)!);
        var saved = new Written(
            _tableLayout.Shape,
            _valuesLayout.Shape,
            positions,
            reads ? _table.Read(this) : null,
            reads ? _values.Read(this) : null,
            reads ? _result.Read(this, isOutput: true) : null);
        if (puller.Wants(_tableEdge))
        {
            puller.GiveMade(_tableEdge, _op.PullTable(gradient, saved), gradient);
        }

        if (puller.Wants(_valuesEdge))
        {
            puller.GiveMade(_valuesEdge, _op.PullValues(gradient, saved), gradient);
        }
    }

    internal override void Release()
    {
        _positions.Release();
        _table.Release();
        _values.Release();
        _result.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_table, _positions, _values, _result]);
}

/// <summary>An <see cref="IWrite"/> as transforms see it.</summary>
internal sealed class WriteOperation<O>(O op) : Operation<O>(op)
    where O : struct, IWrite
{
    internal override TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Write(Operator, inputs[0], inputs[1], inputs[2])];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
        if (edges[0].Node is not null || edges[2].Node is not null)
        {
            _ = new WriteNode<O>(Operator, edges[0], edges[2], inputs[0], inputs[1], inputs[2], results[0]);
        }
    }

    internal override Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        if (!Operator.IsLinear)
        {
            return null;
        }

        var (table, values) = (tangents[0], tangents[2]);
        return table is null && values is null
            ? [null]
            : [Op.Write(Operator, table ?? Tensor.ZerosLike(inputs[0]), inputs[1], values ?? Tensor.ZerosLike(inputs[2]))];
    }

    internal override Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted)
    {
        var saved = new Written(inputs[0].Layout.Shape, inputs[2].Layout.Shape, inputs[1], inputs[0], inputs[2], results[0]);
        return
        [
            wanted[0] ? Operator.PullTable(gradients[0], saved) : null,
            null,
            wanted[2] ? Operator.PullValues(gradients[0], saved) : null,
        ];
    }

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) =>
        [Samples(batch, Operator.Batch(batch.Spread(inputs[0]), batch.Spread(inputs[1]), batch.Spread(inputs[2])), inputs)];
}

public static partial class Op
{
    /// <summary>Writes into a copy of a table, recording it if the table or the values require grad.</summary>
    internal static Tensor Write<O>(O op, Tensor table, Tensor positions, Tensor values)
        where O : struct, IWrite
    {
        if (table.IsStandIn || positions.IsStandIn || values.IsStandIn)
        {
            return Traced.Apply(new WriteOperation<O>(op), table, positions, values);
        }

        // A view that cannot follow its base is refused before anything is computed.
        var recorded = (table.RequiresGrad || values.RequiresGrad) && Recording.IsOn;
        var (ofTable, ofValues) = recorded ? (Edge.To(table), Edge.To(values)) : default;
        var y = Copy(table);
        op.Write(y, positions, values);
        if (recorded)
        {
            _ = new WriteNode<O>(op, ofTable, ofValues, table, positions, values, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, y, [table, positions, values]);
        }

        return y;
    }

    /// <summary>Writes into the table itself, recording it if the table or the values require grad.</summary>
    internal static Tensor WriteInPlace<O>(O op, Tensor x, Tensor positions, Tensor values)
        where O : struct, IWrite
    {
        if (Rewrite.IsNeeded(x, positions) || values.IsStandIn)
        {
            return Rewrite.Apply(new WriteOperation<O>(op), x, positions, values);
        }

        InPlace.ThrowIfTraced(x, positions);
        InPlace.ThrowIfTraced(x, values);
        var recorded = InPlace.Begin(x, x.RequiresGrad || (values.RequiresGrad && x.DType.IsFloatingPoint));
        var (ofTable, ofValues) = recorded ? (InPlace.Old(x), Edge.To(values)) : default;
        InPlace.Writing(x);
        var old = recorded && !op.IsLinear ? Old(x, ofTable) : x;

        // What lies in the same memory is read while that changes.
        positions = ReferenceEquals(positions.Storage, x.Storage) ? Copy(positions) : positions;
        values = ReferenceEquals(values.Storage, x.Storage) ? Old(values, ofValues) : values;
        op.Write(x, positions, values);
        if (!recorded)
        {
            InPlace.Changed(x, OperatorName<O>.InPlace);
            return x;
        }

        var result = InPlace.Result(x, OperatorName<O>.InPlace);
        _ = new WriteNode<O>(op, ofTable, ofValues, old, positions, values, result);
        InPlace.End(x, result);
        return x;
    }
}
