using System.Runtime.CompilerServices;
using Adjoint.Families;

namespace Adjoint.Engine;

/// <summary>
/// A custom function that a trace writes down as one instruction, which keeps both of its parts. Where a backward pass is traced along with it, what
/// the forward part saved are results of the instruction too.
/// </summary>
internal sealed class TracedCall : Operation
{
    private readonly FunctionRule _rule;
    private readonly bool _isRecorded;
    private object? _state;
    private int _between;
    private bool _wasCalled;

    /// <summary>Makes the function of one call.</summary>
    /// <param name="rule">The function.</param>
    /// <param name="isRecorded">Whether a backward pass inside of the trace may run its backward part.</param>
    public TracedCall(FunctionRule rule, bool isRecorded)
    {
        _rule = rule;
        _isRecorded = isRecorded;
        Rule = new FunctionRule(rule.Operation, Forward, Backward, rule.IsOnceDifferentiable) { Push = rule.Push is null ? null : Push };
    }

    /// <summary>The function of the instruction.</summary>
    public FunctionRule Rule { get; }

    /// <summary>The name of the instruction.</summary>
    public override string Name => _rule.Operation;

    /// <summary>Whether a traced backward pass may have read what the forward part left in <see cref="FunctionContext.State"/>.</summary>
    internal override bool HasEffect => _isRecorded && _state is not null;

    /// <summary>What the example's call gave.</summary>
    public TensorType[] Given { get; set; } = [];

    /// <summary>How many of the results are those of the function.</summary>
    public int Outputs { get; private set; }

    internal override TensorType[] Infer(TensorType[] inputs) => Given;

    internal override Tensor[] Run(Tensor[] inputs) => FunctionCall.Apply(Rule, inputs);

    // What the forward part runs, without the backward part that belongs to it.
    internal override Tensor[]? Decomposed(Tensor[] inputs) => Forward(new FunctionContext(new bool[inputs.Length]), inputs);

    private Tensor[] Forward(FunctionContext context, Tensor[] inputs)
    {
        var outputs = FunctionCall.RunForward(_rule, context, inputs);
        Outputs = outputs.Length;
        if (context.Dirty.Count > 0)
        {
            throw new AutogradException($"{_rule.Name}: a custom function cannot change its inputs in place inside of Transform.Trace.");
        }

        if (!_isRecorded)
        {
            return outputs;
        }

        Tensor[] between = [.. context.Held.Distinct().Where(saved => Array.IndexOf(inputs, saved) < 0 && Array.IndexOf(outputs, saved) < 0)];
        context.MarkNonDifferentiable(between);
        ThrowIfChanged(context.State);
        _between = between.Length;
        return [.. outputs, .. between];
    }

    // What is between has no tangent that anybody asks for.
    private Tensor?[]? Push(FunctionContext context, Tensor?[] tangents) =>
        _rule.Push!(context, tangents) is { } pushed ? [.. pushed, .. new Tensor?[_between]] : null;

    private Tensor?[] Backward(FunctionContext context, Tensor?[] gradients) => _rule.Backward(context, gradients[..Outputs]);

    /// <summary>The traced backward pass has read the state of the example's call, so another one means another function.</summary>
    private void ThrowIfChanged(object? state)
    {
        while (state is BatchedFunction.Kept kept)
        {
            state = kept.Context.State;
        }

        if (Holds(state, part => part is Tensor))
        {
            throw new AutogradException(
                $"trace: the State that the forward part of {_rule.Name} leaves holds a tensor, which the traced backward pass would take for a " +
                "constant. Hand it on with SaveForBackward.");
        }

        if (_wasCalled && Differ(_state, state))
        {
            throw new AutogradException(
                $"trace: the State that the forward part of {_rule.Name} leaves was {_state} when the function was traced and is {state ?? "null"} " +
                "now, and the traced backward pass is for the former. Trace the function again, or hand on a tensor with SaveForBackward.");
        }

        (_state, _wasCalled) = (state, true);
    }

    private static bool Holds(object? state, Func<object, bool> test) => state switch
    {
        null => false,
        _ when test(state) => true,
        object[] parts => Array.Exists(parts, part => Holds(part, test)),
        ITuple parts => Enumerable.Range(0, parts.Length).Any(i => Holds(parts[i], test)),
        _ => false,
    };

    /// <summary>Whether numbers, words, arrays or tuples of these differ; what anything else holds is not known.</summary>
    private static bool Differ(object? x, object? y) => (x, y) switch
    {
        (null, _) or (_, null) => !ReferenceEquals(x, y),
        (IConvertible, _) or (_, IConvertible) => !x.Equals(y),
        (Array { Rank: 1 } a, Array { Rank: 1 } b) =>
            a.Length != b.Length || Enumerable.Range(0, a.Length).Any(i => Differ(a.GetValue(i), b.GetValue(i))),
        (ITuple a, ITuple b) => a.Length != b.Length || Enumerable.Range(0, a.Length).Any(i => Differ(a[i], b[i])),
        _ => false,
    };
}
