using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A linear operator of one tensor (reshape, permute, slice, sum, gather): how to apply it, and its transpose as another operator. Its push is
/// itself, its pull the transpose, to any order.
/// </summary>
/// <example>
/// <code>
/// var y = Op.Linear(new Scaled(2), x);
///
/// readonly record struct Scaled(double By) : ILinear
/// {
///     public TensorType Infer(TensorType x) => x;
///     public Tensor Apply(Tensor x) => x * By;
///     public Tensor Transpose(Tensor g, Shape input) => Op.Linear(this, g);
///     public Tensor? Batch(Tensor x) => Op.Linear(this, x);
/// }
/// </code>
/// </example>
public interface ILinear : IOperator
{
    /// <summary>Whether the result shares the memory of the input, so that each sees changes of the other in place.</summary>
    internal static virtual bool IsView => false;

    /// <summary>The shape and dtype of the result.</summary>
    TensorType Infer(TensorType x);

    /// <summary>The result, not recorded: in tensor operators, or in a loop over <c>x.ToArray&lt;T&gt;()</c>.</summary>
    Tensor Apply(Tensor x);

    /// <summary>The transpose applied to a gradient, in recorded tensor operators. Only the sizes and dtype of the input are known.</summary>
    Tensor Transpose(Tensor g, Shape input);

    /// <summary>The same where nothing is recorded or followed, and loops may do it.</summary>
    internal Tensor TransposeFused(Tensor g, Layout input) => Transpose(g, input.Shape);

    /// <summary>The operator on a tensor of the same sizes and other strides, in recorded tensor operators.</summary>
    internal Tensor Replay<O>(O op, Tensor x)
        where O : struct, ILinear => Op.Linear(op, x);

    /// <summary>
    /// The operator on each of a batch along a new first dimension, in recorded tensor operators; null if it cannot be written so, and has to
    /// run once for each.
    /// </summary>
    Tensor? Batch(Tensor x) => null;
}

/// <summary>A recorded <see cref="ILinear"/>.</summary>
internal sealed class LinearNode<O> : Node
    where O : struct, ILinear
{
    private readonly O _op;
    private readonly Edge _edge;
    private readonly Layout _input;

    public LinearNode(O op, Edge edge, Layout input, Tensor y)
    {
        _op = op;
        _edge = edge;
        _input = input;
        Attach(y);
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => 1;

    internal override Edge GetEdge(int index) => _edge;

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (Guest<O>.Is)
        {
            gradient.IsTemporary = false;
            puller.Give(_edge, Guest<O>.Gradient(_op.Transpose(gradient, _input.Shape), _input));
            return;
        }

        var made = puller.Records ? _op.Transpose(gradient, _input.Shape) : _op.TransposeFused(gradient, _input);
        puller.GiveMade(_edge, made, gradient, isLast: true);
    }
}

/// <summary>A linear operator of several tensors (cat, stack).</summary>
/// <example>
/// <code>
/// var y = Op.Join(default(Total), x, x, x);
///
/// readonly record struct Total : IJoin
/// {
///     public TensorType Infer(TensorType[] inputs) => inputs[0];
///     public Tensor Apply(Tensor[] inputs) => inputs.Aggregate((a, b) => a + b);
///     public Tensor Transpose(Tensor g, Shape[] inputs, int index) => g;
///     public Tensor? Batch(Tensor[] inputs) => Op.Join(this, inputs);
/// }
/// </code>
/// </example>
public interface IJoin : IOperator
{
    /// <summary>The shape and dtype of the result; all inputs have its dtype.</summary>
    TensorType Infer(TensorType[] inputs);

    /// <summary>The result, not recorded; all inputs have its dtype.</summary>
    Tensor Apply(Tensor[] inputs);

    /// <summary>The part of a gradient that belongs to one input, in recorded tensor operators.</summary>
    Tensor Transpose(Tensor g, Shape[] inputs, int index);

    /// <summary>The operator on each of a batch along a new first dimension, which all inputs have, in recorded tensor operators; null if it
    /// cannot be written so.</summary>
    Tensor? Batch(Tensor[] inputs) => null;
}

/// <summary>A recorded <see cref="IJoin"/>.</summary>
internal sealed class JoinNode<O> : Node
    where O : struct, IJoin
{
    private readonly O _op;
    private readonly Edge[] _edges;
    private readonly Layout[] _inputs;

    public JoinNode(O op, Edge[] edges, Layout[] inputs, Tensor y, params Tensor[] sources)
    {
        _op = op;
        _edges = edges;
        _inputs = inputs;
        Attach(y, sources);
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => _edges.Length;

    internal override Edge GetEdge(int index) => _edges[index];

    internal override void Pull(Puller puller, Tensor gradient)
    {
        var shapes = Array.ConvertAll(_inputs, input => input.Shape);
        for (var i = 0; i < _edges.Length; i++)
        {
            if (!puller.Wants(_edges[i]))
            {
                continue;
            }

            if (Guest<O>.Is)
            {
                gradient.IsTemporary = false;
                puller.Give(_edges[i], Guest<O>.Gradient(_op.Transpose(gradient, [.. shapes], i), _inputs[i], i));
                continue;
            }

            puller.GiveMade(_edges[i], _op.Transpose(gradient, shapes, i), gradient);
        }
    }
}

/// <summary>An <see cref="ILinear"/> as transforms see it.</summary>
internal sealed class LinearOperation<O>(O op) : Operation<O>(op)
    where O : struct, ILinear
{
    internal override TensorType[] Infer(TensorType[] inputs) => [Operator.Infer(inputs[0])];

    // The operator may have read the strides of the tensor that it was made for.
    internal override Tensor[] Run(Tensor[] inputs) => [Operator.Replay(Operator, inputs[0])];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new LinearNode<O>(Operator, edges[0], inputs[0].Layout, results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [Operator.Replay(Operator, tangents[0]!)];

    internal override bool SharesMemory(Tensor input, Tensor result) => O.IsView;

    internal override Tensor? Transpose(Tensor g, Tensor input, int index) => Operator.Transpose(g, input.Shape);

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs) =>
        Operator.Batch(batch.Of(inputs[0])!) is { } y ? [Samples(batch, y, inputs)] : null;
}

/// <summary>An <see cref="IJoin"/> as transforms see it.</summary>
internal sealed class JoinOperation<O>(O op) : Operation<O>(op)
    where O : struct, IJoin
{
    internal override TensorType[] Infer(TensorType[] inputs)
    {
        var dtype = Promotion.ResultType(inputs);
        return [Operator.Infer(Array.ConvertAll(inputs, input => input.To(dtype)))];
    }

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Join(Operator, inputs)];

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) =>
        _ = new JoinNode<O>(Operator, edges, Array.ConvertAll(inputs, input => input.Layout), results[0]);

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results)
    {
        var all = new Tensor[inputs.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = tangents[i] ?? Tensor.ZerosLike(inputs[i]);
        }

        return Run(all);
    }

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs)
    {
        var dtype = Promotion.ResultType(inputs);
        return Operator.Batch(Array.ConvertAll(inputs, input => batch.Spread(input).To(dtype))) is { } y ? [Samples(batch, y, inputs)] : null;
    }
}

public static partial class Op
{
    /// <summary>Applies a linear operator, recording it if its input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="x">Its input.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Linear<O>(O op, Tensor x)
        where O : struct, ILinear
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsStandIn)
        {
            return Traced.Apply(new LinearOperation<O>(op), x);
        }

        var y = Guest<O>.Is ? GuestLinear(op, x) : op.Apply(x);
        if (x.RequiresGrad && Recording.IsOn)
        {
            if (Guest<O>.Is)
            {
                Guest<O>.ThrowUnlessReal(y);
            }

            _ = new LinearNode<O>(op, Edge.To(x), x.Layout, y);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), y, x);
        }

        return y;
    }

    /// <summary>Applies a linear operator of the library in place, whose result has the shape and dtype of its input.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    internal static Tensor LinearInPlace<O>(O op, Tensor x)
        where O : struct, ILinear
    {
        if (Rewrite.IsNeeded(x))
        {
            return Rewrite.Apply(new LinearOperation<O>(op), x);
        }

        var recorded = InPlace.Begin(x, x.RequiresGrad, x.DType, x.Layout);
        var edge = recorded ? InPlace.Old(x) : default;
        CopyInto(op.Apply(x), x);
        if (!recorded)
        {
            InPlace.Changed(x, OperatorName<O>.InPlace);
            return x;
        }

        var result = InPlace.Result(x, OperatorName<O>.InPlace);
        _ = new LinearNode<O>(op, edge, x.Layout, result);
        InPlace.End(x, result);
        return x;
    }

    /// <summary>Applies a linear operator of several tensors, recording it if any requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs, at least one; their dtypes promote.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor Join<O>(O op, params Tensor[] inputs)
        where O : struct, IJoin
    {
        Operands.ThrowIfAnyNull(inputs, OperatorName<O>.Text);
        if (inputs.Length == 0)
        {
            throw new TensorException($"{OperatorName<O>.Text} expects a non-empty list of tensors.");
        }

        var dtype = Promotion.ResultType(inputs);
        if (Array.Exists(inputs, input => input.IsStandIn))
        {
            return Traced.Apply(new JoinOperation<O>(op), inputs);
        }

        var operands = Array.ConvertAll(inputs, input => Convert(input, dtype));
        var y = Guest<O>.Is ? GuestJoin(op, operands) : op.Apply(operands);
        if (Recording.IsOn && Array.Exists(inputs, input => input.RequiresGrad))
        {
            if (Guest<O>.Is)
            {
                Guest<O>.ThrowUnlessReal(y);
            }

            var edges = Array.ConvertAll(inputs, Edge.To);
            _ = new JoinNode<O>(op, edges, Array.ConvertAll(inputs, input => input.Layout), y, inputs);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O).Name, y, inputs);
        }

        return y;
    }

    private static Tensor GuestLinear<O>(O op, Tensor x)
        where O : struct, ILinear => Guest<O>.Make(() => op.Apply(Guest<O>.Given(x)), op.Infer(TensorType.Of(x)), x);

    private static Tensor GuestJoin<O>(O op, Tensor[] operands)
        where O : struct, IJoin => Guest<O>.Make(
            () => op.Apply(Array.ConvertAll(operands, Guest<O>.Given)), op.Infer(Array.ConvertAll(operands, TensorType.Of)), operands);
}
