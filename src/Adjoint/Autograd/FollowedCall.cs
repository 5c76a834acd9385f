using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Transforms;

namespace Adjoint.Engine;

/// <summary>A call of a custom function inside of transforms.</summary>
/// <param name="rule">The function.</param>
/// <param name="needs">For each input, whether a transform or a tape wants its derivative.</param>
/// <param name="isFollowed">A transform will run the backward part itself, and needs a context for that.</param>
internal sealed class FollowedCall(FunctionRule rule, bool[] needs, bool isFollowed) : CustomCall
{
    /// <summary>What the forward part left, where somebody asked for it.</summary>
    public FunctionContext? Context { get; private set; }

    public override Tensor[] Run(Tensor[] values)
    {
        (var outputs, Context) = FunctionCall.Call(rule, values, needs, isFollowed);
        return outputs;
    }

    /// <summary>All samples at once, as one operation to whatever is outside of the batch; then recorded for a tape inside.</summary>
    public override Tensor[] Batch(Batch batch, Tensor[] inputs)
    {
        if (ByOwnRule(batch, inputs) is { } given)
        {
            return given;
        }

        var function = new BatchedFunction(batch, rule, inputs);
        var values = Array.ConvertAll(inputs, input => batch.Of(input) ?? input);
        var (results, context) = FunctionCall.Call(function.Rule, values, needs, isFollowed: true);
        var outputs = Array.ConvertAll(results, batch.Wrap);
        return Finish(function.Inside(context!, values, inputs, results, outputs), inputs, Edges(batch, inputs), outputs);
    }

    /// <summary>The call as one instruction that keeps both parts; then recorded for a tape inside.</summary>
    public override Tensor[] Write(Writer writer, Tensor[] inputs)
    {
        var edges = Edges(writer, inputs);
        var isRecorded = isFollowed || (Recording.IsOn && Array.Exists(edges, edge => edge.Node is not null));
        var function = new TracedCall(rule, isRecorded);
        var values = Array.ConvertAll(inputs, writer.ValueOf);
        var (results, context) = FunctionCall.Call(function.Rule, values, needs, isFollowed: true);
        if (Array.Exists([.. results, .. context!.Held], writer.IsOwn))
        {
            throw new AutogradException(
                $"trace: the forward part of {rule.Name} uses a tensor of the traced function that is not among its inputs. Hand it in as an input.");
        }

        function.Given = Array.ConvertAll(results, TensorType.Of);
        var wrapped = writer.Write(function, inputs, results);
        context.Replace(saved => Array.IndexOf(values, saved) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(results, saved) is >= 0 and var output ? wrapped[output] : saved);
        return Finish(context, inputs, edges, wrapped[..function.Outputs]);
    }

    /// <summary>
    /// Forward mode by the function's own rule, or from the backward part alone: that is linear in the gradients of the results, and its transpose
    /// takes tangents forward.
    /// </summary>
    public override Tensor[] Push(
        Interpreter top, Tensor[] inputs, (Tensor Value, Tensor? Tangent)[] parts, Func<Tensor, Tensor?, Tensor> wrap)
    {
        var values = Array.ConvertAll(parts, part => part.Value);
        var (outputs, context) = FunctionCall.Call(rule, values, needs, isFollowed: true);
        Context = context!;
        var differentiable = Context.Differentiable(outputs);
        var followed = Array.FindAll([.. Enumerable.Range(0, outputs.Length)], i => differentiable[i]);
        var pushed = new Tensor?[outputs.Length];
        if (followed.Length > 0 && OwnTangents(outputs, parts) is { } own)
        {
            Array.ForEach(followed, i => pushed[i] = own[i] ?? Tensor.ZerosLike(outputs[i]));
        }
        else if (followed.Length > 0)
        {
            ThrowIfOnce();
            var zeros = Array.ConvertAll(followed, i => Tensor.ZerosLike(outputs[i]));
            var run = ReverseMode.Record(zeros, gradients => Paired(outputs, followed, gradients, parts));
            var tangents = run.Value.GradFn is null ? zeros : run.Pull([run.Value], [Tensor.OnesLike(run.Value)]);
            for (var i = 0; i < followed.Length; i++)
            {
                pushed[followed[i]] = tangents[i];
            }
        }

        var wrapped = (Tensor[])outputs.Clone();
        for (var i = 0; i < wrapped.Length; i++)
        {
            wrapped[i] = wrap(outputs[i], pushed[i]);
        }

        var edges = Edges(top, inputs);
        foreach (var dirty in Context.Dirty)
        {
            // The stand-in holds the new value and its tangent from here on. What a tape saved of it before would change as well.
            var (input, output) = (Array.IndexOf(values, dirty), Array.IndexOf(outputs, dirty));
            if (parts[input].Tangent is null || Array.Exists(edges, edge => edge.Node is not null))
            {
                throw new AutogradException($"{rule.Name}: a custom function cannot change this input in place inside of Transform.{top.Name}.");
            }

            inputs[input].State!.Tracer = wrap(dirty, pushed[output] ?? Tensor.ZerosLike(dirty)).Tracer;
            wrapped[output] = inputs[input];
        }

        Context.Replace(saved => Array.IndexOf(values, saved) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(outputs, saved) is >= 0 and var output ? wrapped[output] : saved);
        if (Recording.IsOn && Array.Exists(edges, edge => edge.Node is not null) && followed.Length > 0)
        {
            // A reverse transform inside of this one differentiates what the stand-ins hold.
            foreach (var saved in Context.Held)
            {
                if (Array.IndexOf(inputs, saved) < 0 && Array.IndexOf(wrapped, saved) < 0)
                {
                    throw new AutogradException(
                        $"{rule.Name}: with forward mode over reverse mode, SaveForBackward takes inputs and outputs of the function only. Compute " +
                        "what is in between again in the backward part.");
                }
            }

            _ = new FunctionNode(rule, Context.Copy(), edges, inputs, wrapped, differentiable);
        }

        return wrapped;
    }

    /// <summary>All samples by the function's own rule, which the batch's own tape sees as one operation; null where it has none.</summary>
    private Tensor[]? ByOwnRule(Batch batch, Tensor[] inputs)
    {
        var axes = Array.ConvertAll(inputs, input => batch.Of(input) is null ? (int?)null : 0);
        if (rule.Batch is null || Array.TrueForAll(axes, axis => axis is null)
            || rule.Batch(batch.Size, axes, Array.ConvertAll(inputs, input => batch.Of(input) ?? input)) is not { } results)
        {
            return null;
        }

        foreach (var result in results)
        {
            if (result is not { Rank: > 0 } || result.Layout.Sizes[0] != batch.Size)
            {
                throw new ShapeException(
                    $"{rule.Operation}: the rule for batches gave {(result is null ? "null" : Shape.Text(result.Layout.Sizes))} for {batch.Size} " +
                    "samples. Each result has the samples along its first dimension.");
            }
        }

        var outputs = Array.ConvertAll(results, batch.Wrap);
        var context = new FunctionContext((bool[])needs.Clone());
        FunctionCall.SetUp(rule, context, inputs, outputs);
        return Finish(context, inputs, Edges(batch, inputs), outputs);
    }

    /// <summary>The tangents of the results by the function's own rule; null where it has none.</summary>
    private Tensor?[]? OwnTangents(Tensor[] outputs, (Tensor Value, Tensor? Tangent)[] parts)
    {
        var tangents = Array.ConvertAll(parts, part => part.Tangent
            ?? (Context!.MaterializesGrads && part.Value.DType.IsFloatingPoint ? Tensor.ZerosLike(part.Value) : null));
        if (rule.Push?.Invoke(Context!, tangents) is not { } pushed)
        {
            return null;
        }

        if (pushed.Length != outputs.Length)
        {
            throw new AutogradException(
                $"{rule.Operation}: the forward rule returned an incorrect number of tangents (expected {outputs.Length}, got {pushed.Length}).");
        }

        for (var i = 0; i < pushed.Length; i++)
        {
            if (pushed[i] is { } tangent && (!tangent.Layout.SameSizes(outputs[i].Layout) || tangent.DType != outputs[i].DType))
            {
                throw new AutogradException(
                    $"{rule.Operation}: the forward rule returned an invalid tangent at index {i} - got {tangent.DType.TorchName} " +
                    $"{Shape.Text(tangent.Layout.Sizes)}, but the result is {outputs[i].DType.TorchName} {Shape.Text(outputs[i].Layout.Sizes)}.");
            }
        }

        return pushed;
    }

    private void ThrowIfOnce()
    {
        if (rule.IsOnceDifferentiable)
        {
            throw new AutogradException(
                "You must implement the jvp function for custom autograd.Function to use it with forward mode AD. Adjoint finds it from the " +
                $"backward part, but that of {rule.Name} must not be differentiated. In C#: override Jvp.");
        }
    }

    private static Edge[] Edges(Interpreter top, Tensor[] inputs) => Array.ConvertAll(inputs, input => Traced.EdgeOf(top, input));

    private Tensor[] Finish(FunctionContext context, Tensor[] inputs, Edge[] edges, Tensor[] outputs)
    {
        (var finished, Context) = FunctionCall.Finish(rule, context, inputs, edges, outputs, isFollowed);
        return finished;
    }

    /// <summary>The gradients of the inputs, each multiplied by its tangent, summed up.</summary>
    private Tensor Paired(Tensor[] outputs, int[] followed, Tensor[] gradients, (Tensor Value, Tensor? Tangent)[] parts)
    {
        var all = new Tensor?[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            var given = Array.IndexOf(followed, i);
            all[i] = given >= 0 ? gradients[given] : Context!.MaterializesGrads ? Tensor.ZerosLike(outputs[i]) : null;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            Context!.Want(i, parts[i].Tangent is not null);
        }

        var pulled = FunctionCall.Pull(rule, Context!, all, parts.Length);
        var sum = Tensor.Scalar(0.0);
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Tangent is { } tangent && pulled[i] is { } gradient)
            {
                sum = (gradient.SumToSize(parts[i].Value.Layout.Sizes) * tangent).Sum() + sum;
            }
        }

        return sum;
    }
}
