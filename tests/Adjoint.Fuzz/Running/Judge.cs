using Adjoint.Fuzz.Calls;
using Adjoint.Fuzz.Checks;
using Adjoint.Fuzz.Generators;
using Adjoint.Memory;
using Adjoint.NN;

namespace Adjoint.Fuzz.Running;

/// <summary>Makes a call and looks at everything that it may not have done.</summary>
internal sealed class Judge(Surface surface, ulong seed)
{
    private static readonly int s_threads = Backend.MaxThreads;

    // What these say of a view is not what they say of a dense copy.
    private static readonly HashSet<string> s_aboutLayout =
    [
        "View", "get_IsContiguous", "get_Version", "get_IsLeaf", "get_GradFn", "Detach_", "To_", "RetainGrad", "get_RetainsGrad", "GetHashCode",
        "Equals", "get_Memory", "Empty", "EmptyLike", "Seed", "get_SequenceNumber", "get_Count", "SavedBytes", "SavedTensors", "AsStrided",
        "NewEmpty",
    ];

    private readonly Bystanders _bystanders = new();

    /// <summary>Whether the last call returned.</summary>
    public bool HasReturned { get; private set; }

    /// <summary>What the last call threw.</summary>
    public Exception? Thrown { get; private set; }

    public IEnumerable<(string Kind, string Detail)> Judged(long call)
    {
        var made = new Case(surface, seed, call);
        made.MakeArguments();
        HasReturned = false;
        Thrown = null;
        if (!made.IsWhole)
        {
            Finish(made);
            yield break;
        }

        var image = new MemoryImage(made.Roots);
        var execution = new Execution(made);
        execution.Run();
        HasReturned = execution.Thrown is null;
        Thrown = execution.Thrown;
        if (Thrown is OutOfMemoryException)
        {
            // The compiler of the runtime ends the process where it gets no memory for its code, so what is kept for reuse goes back.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            BlockPool.Trim();
        }

        if (Finish(made) is { } state)
        {
            yield return ("state", state);
        }

        if (execution.Thrown is not null && Refusals.Fault(execution.Thrown, made) is { } fault)
        {
            yield return fault;
        }

        if (image.Difference(Writable(made)) is { } change)
        {
            yield return (change.StartsWith("bytes", StringComparison.Ordinal) ? "neighbour" : "input", change);
        }

        if (_bystanders.Difference() is { } other)
        {
            yield return ("bystander", other);
        }

        if (execution.WrongGradient is not null)
        {
            yield return ("gradient", "dtype or shape");
        }

        foreach (var tensor in execution.Tensors)
        {
            if (Bounds.Fault(tensor) is { } outside)
            {
                yield return ("bounds", outside);
                yield break;
            }
        }

        if (execution.Thrown is null && !s_aboutLayout.Contains(made.Target.Method.Name))
        {
            foreach (var unlike in Compared(made, execution, call))
            {
                yield return unlike;
            }
        }

        foreach (var tensor in execution.Tensors.Take(1))
        {
            if (tensor is { IsStandIn: false, Base: null } && !made.Roots.Contains(tensor))
            {
                _bystanders.Add(tensor);
            }
        }
    }

    /// <summary>The call as C#.</summary>
    public string Describe(long call)
    {
        var made = new Case(surface, seed, call, speaks: true);
        made.MakeArguments();
        var text = made.IsWhole ? made.Describe() : made.Target.Name + ": no value could be made for an argument";
        Finish(made);
        return text;
    }

    private IEnumerable<(string Kind, string Detail)> Compared(Case made, Execution execution, long call)
    {
        var isOfViews = made is { HasViews: true, HasAliases: false, DrawsByLayout: false } && call % 2 == 0;
        // Elements that share memory are written together, and those of a copy are not.
        isOfViews &= !(made.HasOverlaps && (made.HasWritingFunction || made.Target.IsInPlace));
        // Whether a gradient lies in the memory of a result, or of another gradient, depends on the layout, and so what else changes when a hook
        // writes to it: a seed goes on as it is from a whole tensor, and as a copy from a view that was written to.
        isOfViews &= !made.HasWritingHook && !made.WritesByLayout;
        isOfViews &= !execution.IsUnrecorded && made.Target.Method.Name is not ("NoGrad" or "InferenceMode" or "SetGradEnabled");
        if (!isOfViews && call % 4 != 1)
        {
            yield break;
        }

        var again = new Case(surface, seed, call, copiesViews: isOfViews);
        again.MakeArguments();
        if (!again.IsWhole)
        {
            Finish(again);
            yield break; // Memory that was there the first time is not now.
        }

        var second = new Execution(again);
        second.Run();
        Finish(again);
        var kind = isOfViews ? "view" : "repeat";
        // A view of a leaf and a leaf may not be written to in the same way.
        // A strided tensor of inference mode is made dense before it is saved, and then it is an ordinary one; a dense one is refused.
        if (second.Thrown is OutOfMemoryException || !made.IsWhole || !again.IsWhole ||
            (isOfViews && second.Thrown is AutogradException &&
                (made.HasWritingFunction || made.Target.IsInPlace || made.Tensors.Exists(t => t.IsInference))))
        {
            yield break;
        }

        if (second.Thrown is not null)
        {
            yield return (kind, $"{second.Thrown.GetType().Name} the second time");
            yield break;
        }

        List<Tensor> first = [.. execution.Tensors], other = [.. second.Tensors];
        if (made.Target.IsInPlace && made.Tensors.Count > 0)
        {
            first.Add(made.Tensors[0]);
            other.Add(again.Tensors[0]);
        }

        if (isOfViews && made.HasWildNumbers && !IsElementwise(made))
        {
            yield break; // Sums of numbers at the ends of the range depend on their order.
        }

        // Numbers of two widths meet in the wider one, with what was rounded to the narrower one before.
        var isWide = made.Tensors.TrueForAll(t => t.DType != DType.Float32) && made.Tensors.Exists(t => t.DType == DType.Float64);
        if (Likeness.Difference(first, other, !isOfViews ? null : isWide ? DType.Float64 : DType.Float32) is { } difference)
        {
            yield return (kind, difference);
        }
    }

    private static bool IsElementwise(Case made) =>
        made.Target.Method.Name is "Add" or "Sub" or "Mul" or "Div" or "Maximum" or "Minimum" or "Neg" or "Abs" or "Sin" or "Cos" or "Exp" or "Log"
            or "Relu" or "Sqrt" or "Tanh" or "Clone" or "Contiguous" or "To" or "Eq" or "Ne" or "Lt" or "Le" or "Gt" or "Ge" or "Where" or "Select"
            or "Slice" or "Permute" or "Gather" or "Max" or "Min" or "Argmax" or "Argmin" or "Fill_" or "Copy_" or "Cat" or "Stack" or "Expand"
            or "Floor" or "Sign";

    private static List<Tensor> Writable(Case made)
    {
        var method = made.Target.Method.Name;
        if (made.HasWritingFunction || method is "Step")
        {
            return made.Tensors;
        }

        if (made.Target.IsInPlace && made.Tensors.Count > 0)
        {
            return [made.Tensors[0]];
        }

        if (method is "BatchNorm" or "InstanceNorm" or "Embedding" or "set_Grad" or "ZeroGrad" or "Map2InPlace" or "MapInPlace")
        {
            return made.Tensors;
        }

        // An embedding limits the norms of its rows where they are.
        return method is "Forward" or "Call" && made.Arguments[0] is Module module ? [.. module.Parameters()] : [];
    }

    // What a call may leave behind in its thread.
    private static string? Finish(Case made)
    {
        for (var i = made.Scopes.Count - 1; i >= 0; i--)
        {
            made.Scopes[i].Dispose();
        }

        string? left = null;
        if (Autograd.IsInferenceModeEnabled)
        {
            left = "inference mode is left on";
            Autograd.InferenceMode(false);
        }

        if (!Autograd.IsGradEnabled)
        {
            left = "grad mode is left off";
            Autograd.SetGradEnabled(true);
        }

        if (Autograd.IsAnomalyEnabled)
        {
            left = "anomaly mode is left on";
            Autograd.SetDetectAnomaly(false);
        }

        Backend.MaxThreads = s_threads;
        PrintOptions.Current = PrintOptions.Default;
        return left;
    }
}
