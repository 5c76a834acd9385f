using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Transforms;

namespace Adjoint.Engine;

/// <summary>
/// A custom function called in a batch, as a custom function of all samples. Both parts run on stand-ins of the batch, and what lies inside of these
/// is saved; so the call is one operation to whatever is outside of the batch, and its backward part is the user's, also after the batch has ended.
/// </summary>
internal sealed class BatchedFunction
{
    private readonly Batch _batch;
    private readonly FunctionRule _rule;
    private readonly bool[] _isBatched;
    private readonly Layout[] _inputs;

    /// <summary>Makes the function of one call.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rule">The function of a sample.</param>
    /// <param name="inputs">What it is called on.</param>
    public BatchedFunction(Batch batch, FunctionRule rule, Tensor[] inputs)
    {
        _batch = batch;
        _rule = rule;
        _isBatched = Array.ConvertAll(inputs, input => batch.Of(input) is not null);
        _inputs = Array.ConvertAll(inputs, input => input.Layout);
        Rule = new FunctionRule(rule.Operation, Forward, Backward, rule.IsOnceDifferentiable) { Push = rule.Push is null ? null : Push };
    }

    /// <summary>The function of all samples.</summary>
    public FunctionRule Rule { get; }

    /// <summary>The context of a sample from that of all samples.</summary>
    /// <param name="context">What the call of <see cref="Rule"/> left.</param>
    /// <param name="values">What it was called on.</param>
    /// <param name="inputs">The stand-ins for that.</param>
    /// <param name="results">What it gave.</param>
    /// <param name="outputs">The stand-ins for that.</param>
    public FunctionContext Inside(FunctionContext context, Tensor[] values, Tensor[] inputs, Tensor[] results, Tensor[] outputs)
    {
        var kept = (Kept)context.State!;
        var saved = context.Held.Select((tensor, i) =>
            Array.IndexOf(values, tensor) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(results, tensor) is >= 0 and var output ? outputs[output]
            : kept.IsBatched[i] ? _batch.Wrap(tensor) : tensor);
        var constants = outputs.Where((_, i) => context.NonDifferentiable.Contains(results[i]));
        return kept.Context.With([.. saved], [.. constants], context.NeedsInputGrad);
    }

    private Tensor[] Forward(FunctionContext context, Tensor[] values)
    {
        using var scope = Nesting.Resume(_batch);
        var inputs = Wrapped(values, _isBatched);
        var own = new FunctionContext([.. context.NeedsInputGrad]);
        var outputs = FunctionCall.RunForward(_rule, own, inputs, _batch.Depth);
        if (own.Dirty.Count > 0)
        {
            throw new LoopNeededException(_batch, $"{_rule.Name}'s forward part to change an input in place");
        }

        var results = Array.ConvertAll(outputs, _batch.Spread);
        var saved = own.Held;
        var kept = new Kept(own, [.. saved.Select(tensor => Array.IndexOf(outputs, tensor) >= 0 || _batch.Of(tensor) is not null)]);
        context.SaveForBackward([.. saved.Select(tensor =>
            Array.IndexOf(outputs, tensor) is >= 0 and var output ? results[output] : _batch.Of(tensor) ?? tensor)]);
        context.MarkNonDifferentiable([.. results.Where((_, i) => own.NonDifferentiable.Contains(outputs[i]))]);
        context.SetMaterializeGrads(own.MaterializesGrads);
        context.State = kept;
        own.Forget();
        return results;
    }

    private Tensor?[] Backward(FunctionContext context, Tensor?[] gradients)
    {
        var kept = (Kept)context.State!;
        Tensor[] saved = [.. context.Held];
        if (_batch.IsSingle)
        {
            // The function went on with its first sample alone, and only that one has a gradient.
            return OneByOne(kept, context, saved, gradients);
        }

        var hasEnded = !_batch.IsAlive;
        try
        {
            using var scope = Nesting.Resume(_batch);
            return Together(kept, context, saved, gradients);
        }
        catch (LoopNeededException needed) when (hasEnded && ReferenceEquals(needed.Owner, _batch))
        {
            Autograd.Warn(
                $"vmap: the backward part of {_rule.Name} runs once for each of {_batch.Size} samples, because it needs {needed.Reason}. Results " +
                "are the same; a backward part of operators only runs on all samples at once.");
        }

        return OneByOne(kept, context, saved, gradients);
    }

    /// <summary>The tangents of all samples, by the function's own rule.</summary>
    private Tensor?[]? Push(FunctionContext context, Tensor?[] tangents)
    {
        var kept = (Kept)context.State!;
        using var scope = Nesting.Resume(_batch);
        var own = kept.Context.With(Wrapped([.. context.Held], kept.IsBatched), [], context.NeedsInputGrad);
        var wrapped = tangents.Select((tangent, i) => tangent is not null && _isBatched[i] ? _batch.Wrap(tangent) : tangent);
        return _rule.Push!(own, [.. wrapped]) is { } pushed
            ? Array.ConvertAll(pushed, tangent => tangent is null ? null : _batch.Spread(tangent))
            : null;
    }

    private Tensor?[] Together(Kept kept, FunctionContext context, Tensor[] saved, Tensor?[] gradients)
    {
        var own = kept.Context.With(Wrapped(saved, kept.IsBatched), [], context.NeedsInputGrad);
        var pulled = FunctionCall.Pull(
            _rule, own, Array.ConvertAll(gradients, gradient => gradient is null ? null : _batch.Wrap(gradient)), _inputs.Length);
        var results = new Tensor?[pulled.Length];
        for (var i = 0; i < results.Length; i++)
        {
            // A gradient that is the same for all samples comes from each of them.
            if (Fitted(pulled[i], i) is { } gradient)
            {
                var all = _batch.Spread(gradient);
                results[i] = _isBatched[i] ? all : all.Sum([0]);
            }
        }

        return results;
    }

    private Tensor?[] OneByOne(Kept kept, FunctionContext context, Tensor[] saved, Tensor?[] gradients)
    {
        var parts = new Tensor?[_inputs.Length][];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new Tensor?[_batch.Size];
        }

        for (var sample = 0; sample < _batch.Size; sample++)
        {
            Tensor[] picked = [.. saved.Select((tensor, i) => kept.IsBatched[i] ? tensor.Select(0, sample) : tensor)];
            var pulled = FunctionCall.Pull(
                _rule,
                kept.Context.With(picked, [], context.NeedsInputGrad),
                Array.ConvertAll(gradients, gradient => gradient?.Select(0, sample)),
                _inputs.Length);
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i][sample] = Fitted(pulled[i], i);
            }
        }

        var results = new Tensor?[parts.Length];
        for (var i = 0; i < results.Length; i++)
        {
            if (Array.Find(parts[i], part => part is not null) is { } like)
            {
                var all = Tensor.Stack(Array.ConvertAll(parts[i], part => part ?? Tensor.ZerosLike(like)));
                results[i] = _isBatched[i] ? all : all.Sum([0]);
            }
        }

        return results;
    }

    private Tensor? Fitted(Tensor? gradient, int input) => gradient is null ? null : FunctionCall.Fitted(_rule, gradient, _inputs[input], input);

    private Tensor[] Wrapped(Tensor[] tensors, bool[] isBatched)
    {
        var wrapped = new Tensor[tensors.Length];
        for (var i = 0; i < wrapped.Length; i++)
        {
            wrapped[i] = isBatched[i] ? _batch.Wrap(tensors[i]) : tensors[i];
        }

        return wrapped;
    }

    /// <summary>What the forward part left besides what it saved.</summary>
    /// <param name="Context">The context of a sample.</param>
    /// <param name="IsBatched">Which of the saved tensors are another for each sample.</param>
    public sealed record Kept(FunctionContext Context, bool[] IsBatched);
}
