using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint.Engine;

/// <summary>One call of a custom function: runs the forward part without recording, and makes the results its own.</summary>
internal static class FunctionCall
{
    [ThreadStatic]
    private static int t_running;

    /// <summary>Whether a part of a custom function is running on this thread.</summary>
    public static bool IsRunning => t_running > 0;

    public static Tensor[] Apply(FunctionRule rule, Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        }

        return Call(rule, inputs, Array.ConvertAll(inputs, NeedsGrad), isFollowed: false).Outputs;
    }

    /// <summary>Runs the backward part and checks that it gives one gradient for each input.</summary>
    public static Tensor?[] Pull(FunctionRule rule, FunctionContext context, Tensor?[] gradients, int inputs)
    {
        var isRecorded = Recording.IsOn;
        Tensor?[]? results;
        t_running++;
        try
        {
            Recording.SetHere(isRecorded && !rule.IsOnceDifferentiable);
            results = rule.Backward(context, gradients);
        }
        finally
        {
            t_running--;
            Recording.SetHere(isRecorded);
        }

        // As in PyTorch, nulls at the end do not count.
        var count = results?.Length ?? 0;
        while (count > inputs && results![count - 1] is null)
        {
            count--;
        }

        return count == inputs
            ? results!
            : throw new AutogradException(
                $"function {rule.Name} returned an incorrect number of gradients (expected {inputs}, got {count}). The backward part returns " +
                "one for each tensor that the forward part takes, null where there is none.");
    }

    public static AutogradException NoBackward(string name) => new(
        "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD. In C#: override " +
        $"Backward in {name}.");

    /// <summary>The results.</summary>
    /// <param name="rule">The function.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="needs">For each input, whether a transform or a tape wants its derivative.</param>
    /// <param name="isFollowed">A transform will run the backward part itself, and needs a context for that.</param>
    public static (Tensor[] Outputs, FunctionContext? Context) Call(FunctionRule rule, Tensor[] inputs, bool[] needs, bool isFollowed)
    {
        FollowedCall? followed = null;
        try
        {
            if (Array.Exists(inputs, input => input.IsStandIn))
            {
                followed = new FollowedCall(rule, needs, isFollowed);
                return (Traced.Top(inputs)!.Apply(followed, inputs), followed.Context);
            }

            var context = new FunctionContext((bool[])needs.Clone());
            var outputs = RunForward(rule, context, inputs);
            return Finish(rule, context, inputs, Array.ConvertAll(inputs, Edge.To), outputs, isFollowed);
        }
        catch (CapturedBatchException captured) when (ReferenceEquals(captured.Rule, rule))
        {
            followed ??= new FollowedCall(rule, needs, isFollowed);
            return (followed.Batch(captured.Batch, inputs), followed.Context);
        }
    }

    /// <summary>Runs the forward part, not recorded, and checks what it gives.</summary>
    /// <param name="rule">The function.</param>
    /// <param name="context">Takes what it leaves.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="depth">How deep in transforms the call is known to be.</param>
    public static Tensor[] RunForward(FunctionRule rule, FunctionContext context, Tensor[] inputs, int depth = 0)
    {
        var before = Recording.SetHere(false);
        t_running++;
        try
        {
            // The user's code may change the list.
            var outputs = rule.Forward(context, [.. inputs]);
            if (outputs is null or [] || Array.IndexOf(outputs, null) >= 0)
            {
                throw new AutogradException(
                    $"{rule.Name}: the forward part of a custom function must return tensors, and at least one.");
            }

            ThrowIfMisplaced(rule, context, inputs, outputs);
            ThrowIfCaptured(rule, context, Math.Max(depth, Traced.Top(inputs)?.Depth ?? 0), outputs);
            return [.. outputs];
        }
        finally
        {
            t_running--;
            Recording.SetHere(before);
        }
    }

    /// <summary>Asks what the backward part needs, where a rule of the function's own ran in the place of its forward part.</summary>
    public static void SetUp(FunctionRule rule, FunctionContext context, Tensor[] inputs, Tensor[] outputs)
    {
        var before = Recording.SetHere(false);
        t_running++;
        try
        {
            rule.Setup?.Invoke(context, [.. inputs], [.. outputs]);
        }
        finally
        {
            t_running--;
            Recording.SetHere(before);
        }

        ThrowIfMisplaced(rule, context, inputs, outputs);
        if (context.Dirty.Count > 0)
        {
            throw new AutogradException($"{rule.Name}: a function with a rule of its own for batches cannot change its inputs in place.");
        }
    }

    /// <summary>A gradient that the backward part gave, of the sizes of the input.</summary>
    /// <exception cref="AutogradException">It cannot be summed to these.</exception>
    public static Tensor Fitted(FunctionRule rule, Tensor gradient, Layout input, int index)
    {
        ThrowUnlessFits(rule.Name, gradient.Layout, input, index);
        return gradient.Layout.SameSizes(input) ? gradient : gradient.SumToSize(input.Sizes);
    }

    /// <summary>Checks that a gradient can be summed to the sizes of an input.</summary>
    public static void ThrowUnlessFits(string name, Layout gradient, Layout input, int index)
    {
        var extra = gradient.Rank - input.Rank;
        var fits = extra >= 0;
        for (var d = 0; fits && d < input.Rank; d++)
        {
            fits = input.Sizes[d] == 1 || input.Sizes[d] == gradient.Sizes[d + extra];
        }

        if (!fits)
        {
            throw new AutogradException(
                $"Function {name} returned an invalid gradient at index {index} - got {Shape.Text(gradient.Sizes)} but expected shape " +
                $"compatible with {Shape.Text(input.Sizes)}");
        }
    }

    /// <summary>Makes a node the history of the outputs, if any input needs a gradient.</summary>
    public static (Tensor[] Outputs, FunctionContext? Context) Finish(
        FunctionRule rule, FunctionContext context, Tensor[] inputs, Edge[] edges, Tensor[] outputs, bool needsContext)
    {
        var copy = needsContext ? context.Copy() : null;
        var isFollowed = context.Differentiable(outputs);
        if (!Recording.IsOn || !IsRecorded(inputs, edges) || !Array.Exists(isFollowed, followed => followed))
        {
            return (outputs, copy);
        }

        var returned = new Tensor[outputs.Length];
        var made = new Tensor[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            var output = outputs[i];
            if (context.Dirty.Contains(output) && Array.IndexOf(outputs, output) == i)
            {
                InPlace.ThrowIfRefused(output);
                Array.ForEach(edges, edge => InPlace.ThrowIfCaptured(output, edge.Node));
                returned[i] = output;
                made[i] = output.Base is null ? output : new Tensor(output.Storage, output.Layout, output.DType);
            }
            else
            {
                // What somebody else can name keeps the history it has.
                var isKnown = Array.IndexOf(inputs, output) >= 0 || Array.IndexOf(outputs, output) < i || output.HasOwnHistory;
                returned[i] = isKnown ? isFollowed[i] ? Alias(output) : output.Detach() : output;
                made[i] = returned[i];
                returned[i].ViewOrigin = returned[i].Base is null ? ViewOrigin.Recorded : ViewOrigin.CustomFunction;
            }
        }

        _ = new FunctionNode(rule, context, edges, inputs, made, isFollowed);
        foreach (var dirty in context.Dirty)
        {
            InPlace.End(dirty, made[Array.IndexOf(outputs, dirty)]);
        }

        // Outputs that were saved are the recorded ones from here on.
        copy?.Replace(saved => Array.IndexOf(outputs, saved) is >= 0 and var i ? returned[i] : saved);
        return (returned, copy);
    }

    /// <summary>A view may require grad because its base does, and have no place in a graph; it is recorded nevertheless.</summary>
    private static bool IsRecorded(Tensor[] inputs, Edge[] edges) =>
        Array.Exists(edges, edge => edge.Node is not null)
        || (!Array.Exists(inputs, input => input.IsStandIn) && Array.Exists(inputs, input => input.RequiresGrad));

    /// <summary>Whether a tape or a transform wants the derivative by an input.</summary>
    private static bool NeedsGrad(Tensor input) =>
        input.RequiresGrad || (input.Tracer is { } tracer && (tracer.Tangent is not null || (tracer.Known is { } known && NeedsGrad(known))));

    private static void ThrowIfCaptured(FunctionRule rule, FunctionContext context, int depth, Tensor[] outputs)
    {
        if (Nesting.IsTracing
            && Traced.Top([.. outputs, .. context.Held]) is Batch batch
            && batch.Depth > depth)
        {
            throw new CapturedBatchException(rule, batch);
        }
    }

    private static Tensor Alias(Tensor x)
    {
        var before = Recording.SetHere(false);
        try
        {
            return Op.Linear(default(Alias), x);
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    private static void ThrowIfMisplaced(FunctionRule rule, FunctionContext context, Tensor[] inputs, Tensor[] outputs)
    {
        foreach (var dirty in context.Dirty)
        {
            if (Array.IndexOf(inputs, dirty) < 0)
            {
                throw new AutogradException($"{rule.Name}: MarkDirty takes inputs of the function that its forward part changed in place.");
            }

            if (Array.IndexOf(outputs, dirty) < 0)
            {
                throw new AutogradException(
                    "Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace " +
                    $"must all be outputs of the Function. This is {rule.Name}.");
            }
        }

        foreach (var constant in context.NonDifferentiable)
        {
            if (Array.IndexOf(outputs, constant) < 0)
            {
                throw new AutogradException($"{rule.Name}: MarkNonDifferentiable takes outputs of the function.");
            }
        }
    }
}
