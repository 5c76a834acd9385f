using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;
using Adjoint.Transforms;

namespace Adjoint.Engine;

/// <content>Custom functions inside of transforms.</content>
internal static partial class FunctionCall
{
    /// <summary>Whether a tape or a transform wants the derivative by an input.</summary>
    private static bool NeedsGrad(Tensor input) =>
        input.RequiresGrad || (input.Tracer is { } tracer && (tracer.Tangent is not null || (tracer.Known is { } known && NeedsGrad(known))));

    private static (Tensor[] Outputs, FunctionContext? Context) CallTraced(FunctionRule rule, Tensor[] inputs, bool[] needs, bool isFollowed) =>
        Traced.Top(inputs)! switch
        {
            VmapInterpreter batch => Batch(batch, rule, inputs, needs, isFollowed),
            JvpInterpreter jvp => Push(jvp, rule, inputs, needs),
            Writer writer => Write(writer, rule, inputs, needs, isFollowed),
            var other => Call(
                rule, Array.ConvertAll(inputs, input => ReferenceEquals(input.Tracer?.Owner, other) ? input.Tracer.Value : input), needs, isFollowed),
        };

    /// <summary>All samples at once, as one operation to whatever is outside of the batch; then recorded for a tape inside.</summary>
    private static (Tensor[] Outputs, FunctionContext? Context) Batch(
        VmapInterpreter batch, FunctionRule rule, Tensor[] inputs, bool[] needs, bool isFollowed)
    {
        var function = new BatchedFunction(batch, rule, inputs);
        var values = Array.ConvertAll(inputs, input => batch.Of(input) ?? input);
        var (results, context) = Call(function.Rule, values, needs, isFollowed: true);
        var outputs = Array.ConvertAll(results, batch.Wrap);
        return Finish(rule, function.Inside(context!, values, inputs, results, outputs), inputs, Edges(batch, inputs), outputs, isFollowed);
    }

    /// <summary>The call as one instruction that keeps both parts; then recorded for a tape inside.</summary>
    private static (Tensor[] Outputs, FunctionContext? Context) Write(
        Writer writer, FunctionRule rule, Tensor[] inputs, bool[] needs, bool isFollowed)
    {
        var edges = Edges(writer, inputs);
        var isRecorded = isFollowed || (Recording.IsOn && Array.Exists(edges, edge => edge.Node is not null));
        var function = new TracedCall(rule, isRecorded);
        var values = Array.ConvertAll(inputs, writer.ValueOf);
        var (results, context) = Call(function.Rule, values, needs, isFollowed: true);
        if (Array.Exists([.. results, .. context!.SavedTensors], writer.IsOwn))
        {
            throw new AutogradException(
                $"trace: the forward part of {rule.Name} uses a tensor of the traced function that is not among its inputs. Hand it in as an input.");
        }

        function.Given = Array.ConvertAll(results, TensorType.Of);
        var wrapped = writer.Write(function, inputs, results);
        context.Replace(saved => Array.IndexOf(values, saved) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(results, saved) is >= 0 and var output ? wrapped[output] : saved);
        return Finish(rule, context, inputs, edges, wrapped[..function.Outputs], isFollowed);
    }

    private static void ThrowIfCaptured(FunctionRule rule, FunctionContext context, int depth, Tensor[] outputs)
    {
        if (Nesting.IsTracing
            && Traced.Top([.. outputs, .. context.SavedTensors]) is VmapInterpreter batch
            && batch.Depth > depth)
        {
            throw new CapturedBatchException(rule, batch);
        }
    }

    private static Edge[] Edges(Interpreter top, Tensor[] inputs) => Array.ConvertAll(inputs, input => Traced.EdgeOf(top, input));

    /// <summary>
    /// Forward mode from the backward part alone: that is linear in the gradients of the results, and its transpose takes tangents forward.
    /// </summary>
    private static (Tensor[] Outputs, FunctionContext? Context) Push(JvpInterpreter jvp, FunctionRule rule, Tensor[] inputs, bool[] needs)
    {
        if (rule.IsOnceDifferentiable)
        {
            throw new AutogradException(
                "You must implement the jvp function for custom autograd.Function to use it with forward mode AD. Adjoint finds it from the " +
                $"backward part, but that of {rule.Name} must not be differentiated.");
        }

        var parts = Array.ConvertAll(inputs, jvp.Split);
        var values = Array.ConvertAll(parts, part => part.Value);
        var (outputs, context) = Call(rule, values, needs, isFollowed: true);
        var isFollowed = context!.Differentiable(outputs);
        var wrapped = (Tensor[])outputs.Clone();
        var followed = Array.FindAll([.. Enumerable.Range(0, outputs.Length)], i => isFollowed[i]);
        if (followed.Length > 0)
        {
            var zeros = Array.ConvertAll(followed, i => Tensor.ZerosLike(outputs[i]));
            var run = ReverseMode.Record(zeros, gradients => Paired(rule, context, outputs, followed, gradients, parts));
            var tangents = run.Value.GradFn is null ? zeros : run.Pull([run.Value], [Tensor.OnesLike(run.Value)]);
            for (var i = 0; i < followed.Length; i++)
            {
                wrapped[followed[i]] = jvp.Wrap(outputs[followed[i]], tangents[i]);
            }
        }

        var edges = Edges(jvp, inputs);
        foreach (var dirty in context.Dirty)
        {
            // The stand-in holds the new value and its tangent from here on. What a tape saved of it before would change as well.
            var (input, output) = (Array.IndexOf(values, dirty), Array.IndexOf(outputs, dirty));
            if (parts[input].Tangent is null || Array.Exists(edges, edge => edge.Node is not null))
            {
                throw new AutogradException($"{rule.Name}: a custom function cannot change this input in place inside of Transform.Jvp.");
            }

            inputs[input].State!.Tracer = jvp.Wrap(dirty, jvp.Split(wrapped[output]).Tangent ?? Tensor.ZerosLike(dirty)).Tracer;
            wrapped[output] = inputs[input];
        }

        context.Replace(saved => Array.IndexOf(values, saved) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(outputs, saved) is >= 0 and var output ? wrapped[output] : saved);
        if (Recording.IsOn && Array.Exists(edges, edge => edge.Node is not null) && followed.Length > 0)
        {
            // A reverse transform inside of this one differentiates what the stand-ins hold.
            foreach (var saved in context.SavedTensors)
            {
                if (Array.IndexOf(inputs, saved) < 0 && Array.IndexOf(wrapped, saved) < 0)
                {
                    throw new AutogradException(
                        $"{rule.Name}: with forward mode over reverse mode, SaveForBackward takes inputs and outputs of the function only. Compute " +
                        "what is in between again in the backward part.");
                }
            }

            _ = new FunctionNode(rule, context.Copy(), edges, inputs, wrapped, isFollowed);
        }

        return (wrapped, context);
    }

    /// <summary>The gradients of the inputs, each multiplied by its tangent, summed up.</summary>
    private static Tensor Paired(
        FunctionRule rule, FunctionContext context, Tensor[] outputs, int[] followed, Tensor[] gradients, (Tensor Value, Tensor? Tangent)[] parts)
    {
        var all = new Tensor?[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            var given = Array.IndexOf(followed, i);
            all[i] = given >= 0 ? gradients[given] : context.MaterializesGrads ? Tensor.ZerosLike(outputs[i]) : null;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            context.Want(i, parts[i].Tangent is not null);
        }

        var pulled = Pull(rule, context, all, parts.Length);
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
