using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>An operator with a kernel of its own whose pull is written in tensor operators, from the input and the result.</summary>
internal interface IPrimitive : IOperator
{
    /// <summary>Whether <see cref="Pull"/> reads the input.</summary>
    static abstract bool ReadsX { get; }

    /// <summary>Whether <see cref="Pull"/> reads the result.</summary>
    static abstract bool ReadsY { get; }

    /// <summary>The shape and dtype of the result.</summary>
    TensorType Infer(TensorType x);

    /// <summary>The result, not recorded.</summary>
    Tensor Apply(Tensor x);

    /// <summary>The gradient of the input from that of the result, in recorded tensor operators. What is not read is null.</summary>
    Tensor Pull(Tensor g, Tensor? x, Tensor? y);

    /// <summary>The tangent of the result from that of the input, in recorded tensor operators; null if it has to be found by pulling the pull.</summary>
    Tensor? Push(Tensor t, Tensor x, Tensor y) => null;

    /// <summary>
    /// The operator on each of a batch along a new first dimension, in recorded tensor operators; null if it cannot be written so.
    /// </summary>
    Tensor? Batch(Tensor x) => null;
}

/// <summary>A recorded <see cref="IPrimitive"/>.</summary>
internal sealed class PrimitiveNode<O> : Node
    where O : struct, IPrimitive
{
    private readonly O _op;
    private readonly Edge _edge;
    private Saved _x;
    private Saved _y;

    public PrimitiveNode(O op, Edge edge, Tensor x, Tensor y)
    {
        _op = op;
        _edge = edge;
        Attach(y, x);
        if (O.ReadsX)
        {
            _x = new Saved(x);
        }

        if (O.ReadsY)
        {
            _y = new Saved(y);
        }
    }

    public override string Name => NameOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient) => puller.GiveMade(
        _edge, _op.Pull(gradient, O.ReadsX ? _x.Read(this) : null, O.ReadsY ? _y.Read(this, isOutput: true) : null), gradient);

    internal override void Release()
    {
        _x.Release();
        _y.Release();
    }

    internal override void ListSaved(List<Saved> list) => list.AddRange([_x, _y]);
}

/// <summary>An <see cref="IPrimitive"/> as transforms see it.</summary>
internal sealed class PrimitiveOperation<O>(O op) : Operation<O>(op)
    where O : struct, IPrimitive
{
    internal override TensorType[] Infer(TensorType[] inputs) => [Operator.Infer(inputs[0])];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Primitive(Operator, inputs[0])];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new PrimitiveNode<O>(Operator, edges[0], inputs[0], results[0]);

    internal override Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
        Operator.Push(tangents[0]!, inputs[0], results[0]) is { } pushed ? [pushed] : null;

    internal override Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted) =>
        [Operator.Pull(gradients[0], O.ReadsX ? inputs[0] : null, O.ReadsY ? results[0] : null)];

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs) => Operator.Batch(batch.Of(inputs[0])!) is { } y ? [batch.Wrap(y)] : null;
}

public static partial class Op
{
    /// <summary>Applies a primitive operator, recording it if its input requires grad.</summary>
    internal static Tensor Primitive<O>(O op, Tensor x)
        where O : struct, IPrimitive
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.DType.IsNarrow)
        {
            // Computed from end to end in more bits, and rounded once.
            var wide = Primitive(op, x.To(x.DType.Compute));
            return wide.DType == x.DType.Compute ? wide.To(x.DType) : wide;
        }

        if (x.IsStandIn)
        {
            return Traced.Apply(new PrimitiveOperation<O>(op), x);
        }

        var y = op.Apply(x);
        if (x.RequiresGrad && Recording.IsOn)
        {
            _ = new PrimitiveNode<O>(op, Edge.To(x), x, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }
}
