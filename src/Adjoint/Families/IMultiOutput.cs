using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// An operator of several results (sort, top-k, the variance with the mean): one node with as many outputs. Its pull takes the gradients of all
/// results together; its push is the pull of the pull unless it says better.
/// </summary>
/// <example>
/// <code>
/// var parts = Op.MultiOutput(default(SumAndDifference), x, x * 2);
///
/// readonly record struct SumAndDifference : IMultiOutput
/// {
///     public TensorType[] Infer(TensorType[] inputs) => inputs;
///     public Tensor[] Apply(Tensor[] inputs) => [inputs[0] + inputs[1], inputs[0] - inputs[1]];
///     public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
///     {
///         var (g, h) = (gradients[0] ?? Tensor.Zeros(shapes[0].AsSpan()), gradients[1] ?? Tensor.Zeros(shapes[0].AsSpan()));
///         return [g + h, g - h];
///     }
/// }
/// </code>
/// </example>
public interface IMultiOutput : IOperator
{
    /// <summary>Whether its pull reads an input.</summary>
    static virtual bool ReadsInput(int input) => false;

    /// <summary>Whether its pull reads a result.</summary>
    static virtual bool ReadsResult(int result) => false;

    /// <summary>Whether a derivative of a result exists; positions have none.</summary>
    static virtual bool HasGradient(int result) => true;

    /// <summary>The shapes and dtypes of the results.</summary>
    TensorType[] Infer(TensorType[] inputs);

    /// <summary>The results, not recorded.</summary>
    Tensor[] Apply(Tensor[] inputs);

    /// <summary>The gradients of the inputs in recorded tensor operators; null where there is none.</summary>
    /// <param name="gradients">The gradients of the results; null for one that nothing depends on.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="inputs">The inputs; null for one that is not read.</param>
    /// <param name="results">The results; null for one that is not read.</param>
    Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results);

    /// <summary>The tangents of the results in recorded tensor operators; null if they have to be found by pulling the pull.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="tangents">Their tangents; null for zero.</param>
    /// <param name="results">The results.</param>
    Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => null;

    /// <summary>
    /// The operator on each of a batch along a new first dimension, which all inputs have, in recorded tensor operators;
    /// null if it cannot be written so.
    /// </summary>
    Tensor[]? Batch(Tensor[] inputs) => null;
}

/// <summary>A recorded <see cref="IMultiOutput"/>.</summary>
internal sealed class MultiOutputNode<O> : MultiNode
    where O : struct, IMultiOutput
{
    private readonly O _op;
    private readonly Edge[] _edges;
    private readonly Layout[] _layouts;
    private readonly Saved[] _inputs;
    private readonly Saved[] _results;

    public MultiOutputNode(O op, Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
        _op = op;
        _edges = edges;
        _layouts = Array.ConvertAll(inputs, input => input.Layout);
        bool[]? isFollowed = null;
        for (var i = 0; i < results.Length; i++)
        {
            if (!O.HasGradient(i))
            {
                isFollowed ??= [.. Enumerable.Repeat(true, results.Length)];
                isFollowed[i] = false;
            }
        }

        AttachAll(results, isFollowed, inputs);
        _inputs = Keep(inputs, O.ReadsInput);
        _results = Keep(results, O.ReadsResult);
    }

    public override string Name => NameOf(_op);

    internal override string Operation => OperationOf(_op);

    internal override int EdgeCount => _edges.Length;

    internal override Edge GetEdge(int index) => _edges[index];

    internal override void Pull(Puller puller, Tensor?[] gradients)
    {
        var inputs = new Tensor?[_layouts.Length];
        for (var i = 0; i < _inputs.Length; i++)
        {
            inputs[i] = O.ReadsInput(i) ? _inputs[i].Read(this) : null;
        }

        var results = new Tensor?[OutputCount];
        for (var i = 0; i < _results.Length; i++)
        {
            results[i] = O.ReadsResult(i) ? _results[i].Read(this, isOutput: O.HasGradient(i)) : null;
        }

        var pulled = MultiOutputOperation<O>.Pull(_op, gradients, _layouts, inputs, results);
        Settle(puller.Records, gradients, pulled, inputs, results);
        for (var i = 0; i < pulled.Length; i++)
        {
            if (pulled[i] is { } made && puller.Wants(_edges[i]))
            {
                puller.Give(_edges[i], made);
            }
        }
    }

    internal override void Release()
    {
        foreach (ref var saved in _inputs.AsSpan())
        {
            saved.Release();
        }

        foreach (ref var saved in _results.AsSpan())
        {
            saved.Release();
        }
    }

    internal override void ListSaved(List<Saved> list)
    {
        list.AddRange(_inputs);
        list.AddRange(_results);
    }

    private static Saved[] Keep(Tensor[] tensors, Func<int, bool> isRead)
    {
        Saved[] kept = [];
        for (var i = 0; i < tensors.Length; i++)
        {
            if (isRead(i))
            {
                kept = kept.Length > 0 ? kept : new Saved[tensors.Length];
                kept[i] = new Saved(tensors[i]);
            }
        }

        return kept;
    }

    /// <summary>Says of gradients whose memory nobody else can name that it may be given back.</summary>
    private static void Settle(bool records, Tensor?[] gradients, Tensor?[] pulled, Tensor?[] inputs, Tensor?[] results)
    {
        foreach (var gradient in gradients)
        {
            if (gradient is { IsTemporary: true } && (records || IsNamed(gradient, pulled)))
            {
                gradient.IsTemporary = false;
            }
        }

        foreach (var made in pulled)
        {
            if (!records && made is { Base: null })
            {
                made.IsTemporary = !IsNamed(made, gradients) && !IsNamed(made, pulled) && !IsNamed(made, inputs) && !IsNamed(made, results);
            }
        }
    }

    /// <summary>Whether another tensor lies in the same memory.</summary>
    private static bool IsNamed(Tensor x, Tensor?[] others)
    {
        foreach (var other in others)
        {
            if (other is not null && !ReferenceEquals(other, x) && ReferenceEquals(other.Storage, x.Storage))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>An <see cref="IMultiOutput"/> as transforms see it.</summary>
internal sealed class MultiOutputOperation<O>(O op) : Operation<O>(op)
    where O : struct, IMultiOutput
{
    internal override TensorType[] Infer(TensorType[] inputs) => Operator.Infer(inputs);

    internal override Tensor[] Run(Tensor[] inputs) => Op.MultiOutput(Operator, inputs);

    internal override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results) => _ = new MultiOutputNode<O>(Operator, edges, inputs, results);

    internal override Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => Operator.Push(inputs, tangents, results);

    internal override Tensor? Transpose(Tensor g, Tensor input, int index)
    {
        var results = Run([input]);
        var gradients = results.Select((result, i) => i == index ? g : Tensor.ZerosLike(result, g.DType)).ToArray();
        return Pull(gradients, [input], results, [true])[0];
    }

    internal override Tensor?[] Pull(Tensor[] gradients, Tensor[] inputs, Tensor[] results, bool[] wanted)
    {
        var followed = new Tensor?[gradients.Length];
        for (var i = 0; i < followed.Length; i++)
        {
            followed[i] = O.HasGradient(i) ? gradients[i] : null;
        }

        return Pull(Operator, followed, Array.ConvertAll(inputs, input => input.Layout), inputs, results);
    }

    /// <summary>The gradients of the inputs.</summary>
    public static Tensor?[] Pull(O op, Tensor?[] gradients, Layout[] layouts, Tensor?[] inputs, Tensor?[] results)
    {
        var pulled = op.Pull(gradients, Array.ConvertAll(layouts, layout => layout.Shape), inputs, results);
        if (Guest<O>.Is)
        {
            if (pulled?.Length != layouts.Length)
            {
                throw new AutogradException(
                    $"function {OperatorName<O>.Text} returned an incorrect number of gradients (expected {layouts.Length}, " +
                    $"got {pulled?.Length ?? 0}).");
            }

            for (var i = 0; i < pulled.Length; i++)
            {
                pulled[i] = pulled[i] is { } made ? Guest<O>.Gradient(made, layouts[i], i) : null;
            }
        }

        return pulled;
    }

    internal override Tensor[]? Batch(Batch batch, Tensor[] inputs) =>
        Operator.Batch(Array.ConvertAll(inputs, batch.Spread)) is { } results ? [.. results.Select((y, i) => Samples(batch, y, inputs, i))] : null;
}

public static partial class Op
{
    /// <summary>Applies an operator of several results, recording it if an input requires grad.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <exception cref="AutogradException">The operator is not the library's own, and gives what its shape rule does not say.</exception>
    public static Tensor[] MultiOutput<O>(O op, params Tensor[] inputs)
        where O : struct, IMultiOutput
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var requiresGrad = false;
        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            if (input.IsStandIn)
            {
                return Traced.ApplyAll(new MultiOutputOperation<O>(op), inputs);
            }

            requiresGrad |= input.RequiresGrad;
        }

        var results = Guest<O>.Is ? GuestMultiOutput(op, inputs) : op.Apply(inputs);
        if (requiresGrad && Recording.IsOn)
        {
            _ = new MultiOutputNode<O>(op, Array.ConvertAll(inputs, Edge.To), inputs, results);
        }
        else if (Observation.IsOn)
        {
            Observation.Unrecorded(OperatorName<O>.Text, results[0], inputs);
        }

        return results;
    }

    private static Tensor[] GuestMultiOutput<O>(O op, Tensor[] inputs)
        where O : struct, IMultiOutput
    {
        var results = Guest<O>.Make(
            () => op.Apply(Array.ConvertAll(inputs, Guest<O>.Given)),
            op.Infer(Array.ConvertAll(inputs, TensorType.Of)),
            inputs);
        for (var i = 0; i < results.Length; i++)
        {
            if (O.HasGradient(i) && inputs.Any(input => input.RequiresGrad))
            {
                Guest<O>.ThrowUnlessReal(results[i]);
            }
        }

        return results;
    }
}
