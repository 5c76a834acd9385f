namespace Adjoint.Ops.Families;

/// <summary>
/// An operator with a kernel of its own whose result is whole numbers or truth values: positions, tests. Nothing flows through it, in either direction.
/// </summary>
internal interface IWhole : IOperator
{
    /// <summary>The result.</summary>
    Tensor Apply(Tensor x);

    /// <summary>
    /// The operator on each of a batch along a new first dimension, in tensor operators; null if it cannot be written so.
    /// </summary>
    Tensor? Batch(Tensor x) => null;
}

/// <summary>An <see cref="IWhole"/> as transforms see it.</summary>
internal sealed class WholeOperation<O>(O op) : Operation
    where O : struct, IWhole
{
    public override string Name => OperatorName<O>.Text;

    public override bool IsRecorded => false;

    public override Tensor[] Run(Tensor[] inputs) => [Op.Whole(op, inputs[0])];

    public override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
    }

    public override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    public override Tensor[]? Batch(Batch batch, Tensor[] inputs) => op.Batch(batch.Of(inputs[0])!) is { } y ? [batch.Wrap(y)] : null;
}

public static partial class Op
{
    /// <summary>Applies an operator that nothing flows through.</summary>
    internal static Tensor Whole<O>(O op, Tensor x)
        where O : struct, IWhole
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsStandIn)
        {
            return Traced.Apply(new WholeOperation<O>(op), x);
        }

        var y = op.Apply(x);
        if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }
}
