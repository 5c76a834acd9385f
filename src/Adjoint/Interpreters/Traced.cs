using Adjoint.Families;
using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint.Interpreters;

/// <summary>
/// The gate for tensors that a transform follows. The innermost of the transforms that follow an input sees the operator; then, if a reverse
/// transform that runs inside of it wants the derivative, the operation on the stand-ins is recorded like any other.
/// </summary>
internal static class Traced
{
    /// <summary>Applies an operator of one result.</summary>
    public static Tensor Apply(FamilyOperation operation, params Tensor[] inputs) => ApplyAll(operation, inputs)[0];

    /// <summary>Applies an operator.</summary>
    public static Tensor[] ApplyAll(FamilyOperation operation, Tensor[] inputs)
    {
        var top = Top(inputs)!;
        var results = top.Apply(operation, inputs);
        if (Recording.IsOn && operation.IsRecorded && Array.Exists(results, result => ReferenceEquals(result.Tracer?.Owner, top)))
        {
            var edges = Array.ConvertAll(inputs, input => EdgeOf(top, input));
            if (Array.Exists(edges, edge => edge.Node is not null))
            {
                operation.Record(edges, inputs, results);
            }
        }

        if (inputs.Length == 1)
        {
            Rewrite.Link(operation, inputs[0], results);
        }

        return results;
    }

    /// <summary>A derivative formula in one pass where nothing records and all transforms around have it so; null elsewhere.</summary>
    public static Tensor? Pull(FusedPull pull, Tensor g, Tensor? x, Tensor? y, Tensor? z = null)
    {
        if (Recording.IsOn)
        {
            return null;
        }

        if (Top([g, x ?? g, y ?? g, z ?? g]) is { } top)
        {
            return top.Pull(pull, g, x, y, z);
        }

        // A result that others will name too.
        var made = pull.Run(g, x, y, z);
        made.IsTemporary = false;
        return made;
    }

    /// <summary>The values that C# code asks for, free of all transforms.</summary>
    /// <param name="x">A stand-in.</param>
    /// <param name="dtype">What the code gets them as.</param>
    public static Tensor Read(Tensor x, DType dtype)
    {
        while (x.Tracer is not null)
        {
            x = Top([x])!.Read(x, dtype);
        }

        return x;
    }

    /// <summary>The values beneath all transforms, those of all samples of a batch; null where they are not known, or not computed.</summary>
    public static Tensor? Held(Tensor? x)
    {
        while (x is { IsStandIn: true })
        {
            x = x.Tracer?.Known;
        }

        return x;
    }

    /// <summary>Whether a tape wants the gradient of a tensor: one that sees it, or one outside of the transforms that follow it.</summary>
    public static bool RequiresGrad(Tensor x)
    {
        while (!x.RequiresGrad)
        {
            if (x.Tracer is not { Known: { } known })
            {
                return false;
            }

            x = known;
        }

        return true;
    }

    /// <summary>Runs a hook on the gradient of a tensor, on each tape that has one:
    /// inside of a transform, or outside of it on what is held.</summary>
    /// <returns>Nothing if no tape wants a gradient.</returns>
    public static List<HookHandle> Hook(Tensor x, Func<Tensor, Tensor?> hook)
    {
        var handles = new List<HookHandle>();
        while (true)
        {
            if (Edge.To(x) is { Node: { } node } edge)
            {
                handles.Add(node.EnsureHooks(edge.Index).AddTensor(hook));
            }

            if (x.Tracer is not { Known: { } known } tracer)
            {
                return handles;
            }

            hook = tracer.Owner.Within(hook);
            x = known;
        }
    }

    /// <summary>The memory of a tensor that was a stand-in when it was asked, where an operator without a rule asks for it.</summary>
    public static Storage MemoryOf(Tensor x)
    {
        while (x.Tracer is { Owner: var owner })
        {
            if ((owner.IsAlive ? owner.NoMemory(x) : Escaped(owner)) is { } exception)
            {
                throw exception;
            }
        }

        return x.Memory;
    }

    /// <summary>
    /// What a transform around knows of a stand-in, after a view has followed its base, and batches that go on with one sample have made that one's
    /// tensor of it.
    /// </summary>
    public static Tracer? Settled(Tensor x)
    {
        if (x.StaleView is { } view)
        {
            Rewrite.Refresh(x, view);
        }

        while (x.State!.Tracer is { Owner.IsSingle: true } tracer)
        {
            lock (tracer)
            {
                if (ReferenceEquals(x.State.Tracer, tracer))
                {
                    x.Settle(tracer.Owner.SampleOf(x, tracer));
                }
            }
        }

        return x.State.Tracer;
    }

    /// <summary>The innermost transform that follows one of the tensors; null if there is none.</summary>
    /// <exception cref="AutogradException">It has ended: the tensor escaped from it.</exception>
    public static Interpreter? Top(ReadOnlySpan<Tensor> tensors)
    {
        Interpreter? top = null;
        foreach (var tensor in tensors)
        {
            if (tensor.Tracer is { Owner: var owner })
            {
                if (!owner.IsAlive)
                {
                    throw Escaped(owner);
                }

                top = top is null || owner.Depth > top.Depth ? owner : top;
            }
        }

        return top;
    }

    /// <summary>
    /// Where a gradient goes, for the tape of the stand-ins. What was recorded outside
    /// of this transform is recorded again on what the stand-ins hold.
    /// </summary>
    public static Edge EdgeOf(Interpreter top, Tensor x)
    {
        var edge = Edge.To(x);
        return ReferenceEquals(x.Tracer?.Owner, top) || edge.Node is { } node && node.Level > 2 * top.Depth ? edge : default;
    }

    private static AutogradException Escaped(Interpreter owner) => new(
        $"A tensor that was made inside of Transform.{owner.Name} is used after the function has returned. A side effect let it escape: return it " +
        "from the function instead, or store x.Detach() of a result.");
}
