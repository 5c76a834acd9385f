using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator linear in one tensor that also takes positions: gathers, scatters. Its push is itself at the same positions, its pull the transpose at
/// the same positions, to any order. Nothing flows to the positions.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Indexed(default(Rotate), x, Tensor.FromArray(new[] { 1L }));
///
/// readonly record struct Rotate(bool Back) : IIndexed
/// {
///     public TensorType Infer(TensorType x, TensorType positions) => x;
///     public Tensor Apply(Tensor x, Tensor positions)
///     {
///         var (values, by) = (x.ToArray&lt;double>(), (int)positions.ToArray&lt;long>()[0]);
///         var first = Back ? values.Length - by : by;
///         double[] turned = [.. values[first..], .. values[..first]];
///         return Tensor.FromArray(turned).Reshape(x.Shape.AsSpan());
///     }
///
///     public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new Rotate(!Back), g, positions);
///     public Tensor Batch(Tensor x, Tensor positions) => throw new NotSupportedException();
/// }
/// </code>
/// </example>
public interface IIndexed : IOperator
{
    /// <summary>The shape and dtype of the result.</summary>
    TensorType Infer(TensorType x, TensorType positions);

    /// <summary>The result, not recorded.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="positions">int64.</param>
    Tensor Apply(Tensor x, Tensor positions);

    /// <summary>The transpose applied to a gradient, in recorded tensor operators. Only the sizes and dtype of the input are known.</summary>
    Tensor Transpose(Tensor g, Tensor positions, Shape input);

    /// <summary>The operator on each of a batch along a new first dimension, which both have, in recorded tensor operators.</summary>
    Tensor Batch(Tensor x, Tensor positions);

    /// <summary>The same where only the tensor has that dimension; null if positions have to be repeated for each.</summary>
    Tensor? BatchAt(Tensor x, Tensor positions) => null;
}

/// <summary>A recorded <see cref="IIndexed"/>.</summary>
internal sealed class IndexedNode<O> : Node
    where O : struct, IIndexed
{
    private readonly O _op;
    private readonly Edge _edge;
    private readonly Layout _input;

    // Positions belong to the user, who may change them; they stay when a sweep lets saved values go, as they are no part of the graph.
    private Saved _positions;

    public IndexedNode(O op, Edge edge, Layout input, Tensor positions, Tensor y)
    {
        _op = op;
        _edge = edge;
        _input = input;
        _positions = new Saved(positions);
        Attach(y);
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (IsFreed)
        {
            throw Saved.Freed();
        }

        if (Guest<O>.Is)
        {
            gradient.IsTemporary = false;
            puller.Give(_edge, Guest<O>.Gradient(_op.Transpose(gradient, _positions.Read(this)!, _input.Shape), _input));
            return;
        }

        puller.GiveMade(_edge, _op.Transpose(gradient, _positions.Read(this)!, _input.Shape), gradient);
    }

    internal override void Release()
    {
        if (_positions.Packed is not null)
        {
            _positions.Release();
        }
    }

    internal override void ListSaved(List<Saved> list) => list.Add(_positions);
}

/// <summary>An <see cref="IIndexed"/> as transforms see it.</summary>
internal sealed class IndexedOperation<O>(O op) : Operation<O>(op)
    where O : struct, IIndexed
{
    internal override TensorType[] Infer(TensorType[] inputs) => [Operator.Infer(inputs[0], inputs[1])];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Indexed(Operator, inputs[0], inputs[1])];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
        if (edges[0].Node is not null)
        {
            _ = new IndexedNode<O>(Operator, edges[0], inputs[0].Layout, inputs[1], results[0]);
        }
    }

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
        [tangents[0] is { } tangent ? Op.Indexed(Operator, tangent, inputs[1]) : null];

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) =>
    [
        Samples(
            batch,
            (batch.Of(inputs[1]) is null ? Operator.BatchAt(batch.Of(inputs[0])!, inputs[1]) : null)
                ?? Operator.Batch(batch.Spread(inputs[0]), batch.Spread(inputs[1])),
            inputs),
    ];
}

public static partial class Op
{
    /// <summary>Applies a linear operator at positions, recording it if its input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">Its input.</param>
    /// <param name="positions">int64.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Indexed<O>(O op, Tensor x, Tensor positions)
        where O : struct, IIndexed
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(positions);
        if (x.IsStandIn || positions.IsStandIn)
        {
            return Traced.Apply(new IndexedOperation<O>(op), x, positions);
        }

        var y = Guest<O>.Is ? GuestIndexed(op, x, positions) : op.Apply(x, positions);
        if (x.RequiresGrad && Recording.IsOn)
        {
            if (Guest<O>.Is)
            {
                Guest<O>.ThrowUnlessReal(y);
            }

            _ = new IndexedNode<O>(op, Edge.To(x), x.Layout, positions, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x, positions);
        }

        return y;
    }

    private static Tensor GuestIndexed<O>(O op, Tensor x, Tensor positions)
        where O : struct, IIndexed => Guest<O>.Make(
            () => op.Apply(Guest<O>.Given(x), Guest<O>.Given(positions)), op.Infer(TensorType.Of(x), TensorType.Of(positions)), x, positions);
}
