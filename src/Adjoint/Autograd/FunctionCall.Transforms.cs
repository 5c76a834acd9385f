using Adjoint.Ops.Families;
using Adjoint.Transforms;

namespace Adjoint.Engine;

/// <content>Custom functions inside of transforms.</content>
internal static partial class FunctionCall
{
    private static (Tensor[] Outputs, FunctionContext? Context) CallTraced(FunctionRule rule, Tensor[] inputs, bool isFollowed)
    {
        var top = Traced.Top(inputs)!;
        if (top is Substitution)
        {
            var others = Array.ConvertAll(inputs, input => ReferenceEquals(input.Tracer?.Owner, top) ? top.Read(input) : input);
            return Call(rule, others, isFollowed);
        }

        if (top is JvpInterpreter jvp)
        {
            return Push(jvp, rule, inputs);
        }

        // Batches and traces follow the operators of both parts.
        var (context, outputs) = Forward(rule, inputs);
        return context.Dirty.Count > 0
            ? throw new AutogradException($"{rule.Name}: a custom function cannot change its inputs in place inside of Transform.{top.Name}.")
            : Finish(rule, context, inputs, Edges(top, inputs), outputs, isFollowed);
    }

    private static Edge[] Edges(Interpreter top, Tensor[] inputs) => Array.ConvertAll(inputs, input => Traced.EdgeOf(top, input));

    /// <summary>
    /// Forward mode from the backward part alone: that is linear in the gradients of the results, and its transpose takes tangents forward.
    /// </summary>
    private static (Tensor[] Outputs, FunctionContext? Context) Push(JvpInterpreter jvp, FunctionRule rule, Tensor[] inputs)
    {
        if (rule.IsOnceDifferentiable)
        {
            throw new AutogradException(
                "You must implement the jvp function for custom autograd.Function to use it with forward mode AD. Adjoint finds it from the backward " +
                $"part, but that of {rule.Name} must not be differentiated.");
        }

        var parts = Array.ConvertAll(inputs, jvp.Split);
        var values = Array.ConvertAll(parts, part => part.Value);
        var (outputs, context) = Call(rule, values, isFollowed: true);
        var isFollowed = context!.Differentiable(outputs);
        var wrapped = (Tensor[])outputs.Clone();
        var followed = Array.FindAll([.. Enumerable.Range(0, outputs.Length)], i => isFollowed[i]);
        if (followed.Length > 0)
        {
            var zeros = Array.ConvertAll(followed, i => Tensor.ZerosLike(outputs[i]));
            var run = Tape.Record(zeros, gradients => Paired(rule, context, outputs, followed, gradients, parts));
            var tangents = run.Value.GradFn is null ? zeros : run.Pull([run.Value], [Tensor.OnesLike(run.Value)]);
            for (var i = 0; i < followed.Length; i++)
            {
                wrapped[followed[i]] = jvp.Wrap(outputs[followed[i]], tangents[i]);
            }
        }

        context.Replace(saved => Array.IndexOf(values, saved) is >= 0 and var input ? inputs[input]
            : Array.IndexOf(outputs, saved) is >= 0 and var output ? wrapped[output] : saved);
        var edges = Edges(jvp, inputs);
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
