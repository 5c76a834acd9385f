using Adjoint.Families;
using Adjoint.Memory;
using Adjoint.Tape;

namespace Adjoint.Interpreters;

/// <summary>
/// Changes in place of what a transform follows. A stand-in has no memory: the operator's twin computes new values, through all transforms and tapes
/// that look, and the stand-in stands for these from then on. The tensors of the caller, which arguments stand for, stay as they are.
/// <para>
/// A view of a stand-in knows the operator that made it. A change of the view is one of the tensor that it is a view of, with the transpose of that
/// operator saying where, and every view runs its operator again when it is next looked at, because that tensor's version is another.
/// </para>
/// <para>
/// A plain tensor that was made inside of the transform becomes a stand-in when something that is followed is written into it. Its memory is given
/// up, so that a view from before is an error and not an old value. A tensor from outside cannot become one.
/// </para>
/// </summary>
internal static class Rewrite
{
    /// <summary>Whether a change in place has to be one of stand-ins.</summary>
    public static bool IsNeeded(Tensor x) => x.IsStandIn || x.Base is { IsStandIn: true };

    /// <summary>Whether a change in place has to be one of stand-ins.</summary>
    public static bool IsNeeded(Tensor x, Tensor? y) => IsNeeded(x) || y is { IsStandIn: true };

    /// <summary>Changes a tensor to what an operator gives for it.</summary>
    /// <param name="operation">The operator, whose first input the tensor is.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="others">The other inputs.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Apply(FamilyOperation operation, Tensor x, params Tensor[] others) =>
        Change(x, others, (old, others) => operation.Run([old, .. others])[0]);

    /// <summary>Changes a tensor.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="others">What its new values depend on beside the old ones.</param>
    /// <param name="compute">The new values, in recorded operators; any that fit will do.</param>
    /// <param name="mayRepeat">Elements of the tensor might share memory if it had some.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="AutogradException">It must not be changed: it lies outside of the transform, or is an argument of a reverse one.</exception>
    public static Tensor Change(Tensor x, Tensor[] others, Func<Tensor, Tensor[], Tensor> compute, bool mayRepeat = false)
    {
        if (!x.IsStandIn && x.Base is { IsStandIn: true } moved)
        {
            Follow(x, moved);
        }

        var top = Traced.Top([x, .. others])!;
        if (top.StandsForOthers)
        {
            var own = top.Other(x);
            own.Copy_(compute(own, Array.ConvertAll(others, top.Other)));
            return x;
        }

        var root = RootOf(x);
        ThrowIfRefused(top, x, root, others, mayRepeat);
        var whole = compute(Now(x, root), Array.ConvertAll(others, other => Now(other, root)));
        InPlace.ThrowUnlessFits(x, whole.DType, whole.Layout);
        whole = whole.To(x.DType);
        ThrowUnlessKnown(whole);

        // Where nothing is recorded the history stays with the tensor, and so it does beneath a view that has none.
        var (keepsHistory, keepsTangent) = (!Recording.IsOn, false);
        var joins = !root.IsStandIn && !ReferenceEquals(root, x) ? Placed(root, x) : null;
        for (var view = joins ?? x.State?.View; view is not null; view = view.Source.State?.View)
        {
            keepsHistory |= view.IsDetached;
            keepsTangent |= view.IsDetached;
            whole = view.Put(whole);
        }

        Take(root, whole, keepsHistory, keepsTangent);
        if (joins is not null)
        {
            x.BecomeView(joins);
        }

        return x;
    }

    /// <summary>Notes which results of an operator lie in the memory of its input.</summary>
    public static void Link(FamilyOperation operation, Tensor x, Tensor[] results)
    {
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is { IsStandIn: true, Base: null } result && !ReferenceEquals(result, x) && operation.SharesMemory(x, result))
            {
                result.BecomeView(new StandInView(x, operation, i));
            }
        }
    }

    /// <summary>Whether two tensors lie in the same memory beneath all transforms.</summary>
    public static bool ShareMemory(Tensor x, Tensor y) => MemoryOf(x) is { } memory && ReferenceEquals(MemoryOf(y), memory);

    /// <summary>Gives a view the values that its base has now.</summary>
    public static void Refresh(Tensor x, StandInView view)
    {
        var before = Recording.SetHere(true);
        try
        {
            x.Refreshed(view.Read());
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    private static Tensor RootOf(Tensor x) => x.State?.View?.Root ?? x.Base ?? x;

    /// <summary>The present values of what is about to change, under another name: operations save their inputs. Anything else is itself.</summary>
    private static Tensor Now(Tensor x, Tensor root)
    {
        if (!root.IsStandIn)
        {
            return !x.IsStandIn && ReferenceEquals(x.Memory, root.Memory) ? x.Clone() : x;
        }

        if (!ReferenceEquals(RootOf(x), root) || x.Tracer is not { } tracer)
        {
            return x;
        }

        var edge = Edge.To(x);
        return new Tensor(tracer, x.Layout, x.DType) { GradFn = edge.Node, OutputIndex = edge.Index };
    }

    /// <summary>What a plain tensor wants that is a view of one which has become a stand-in.</summary>
    private static void Follow(Tensor x, Tensor root)
    {
        x.BecomeView(Placed(root, x));
        Refresh(x, x.State!.View!);
    }

    private static StandInView Placed(Tensor root, Tensor x) =>
        new(root, new LinearOperation<ThroughMemory>(ThroughMemory.Of(root.Layout, x.Layout)), 0);

    private static void ThrowIfRefused(Interpreter top, Tensor x, Tensor root, Tensor[] others, bool mayRepeat)
    {
        if (!top.Rewrites)
        {
            throw top.NoChange();
        }

        ThrowUnlessKnown(x);
        var depth = root.MadeAt;
        if (depth < top.Depth && !ReferenceEquals(root.Tracer?.Owner, top))
        {
            throw top.Captured();
        }

        InPlace.ThrowIfArgument(root);
        if (Recording.IsOn && x.State?.View is not { HasNoHistory: true })
        {
            foreach (var other in others)
            {
                InPlace.ThrowIfCaptured(depth, other.GradFn);
            }

            if (x.DType.IsFloatingPoint && (x.RequiresGrad || Array.Exists(others, other => other.RequiresGrad)))
            {
                InPlace.ThrowIfRefused(x);
            }
        }

        if (x.Layout.Overlaps || (!ReferenceEquals(x, root) && Repeats(x)))
        {
            throw mayRepeat ? top.NoChange() : InPlace.Repeated();
        }
    }

    /// <summary>Whether places of a view share an element; the dimensions of batches are not the view's.</summary>
    private static bool Repeats(Tensor x)
    {
        for (var view = x.State?.View; view is not null; view = view.Source.State?.View)
        {
            if (view.Operation is LinearOperation<Expand>)
            {
                return true;
            }
        }

        var rank = x.Rank;
        while (x.Tracer is { Known: { } known })
        {
            x = known;
        }

        var (sizes, strides) = (x.Layout.Sizes, x.Layout.Strides);
        for (var d = sizes.Length - rank; d < sizes.Length; d++)
        {
            if (sizes[d] > 1 && strides[d] == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes a tensor stand for new values.</summary>
    private static void Take(Tensor root, Tensor whole, bool keepsHistory, bool keepsTangent)
    {
        var own = root.Tracer;
        var tracer = whole.Tracer;
        if (own is not null && (tracer is null || tracer.Owner.Depth < own.Owner.Depth))
        {
            tracer = own.Owner.Hold(whole);
        }

        var given = ReferenceEquals(whole.Tracer, tracer) ? Edge.To(whole) : Traced.EdgeOf(tracer!.Owner, whole);
        if (keepsHistory)
        {
            var old = ReferenceEquals(own?.Owner, tracer!.Owner) ? own : tracer.Owner.Hold(root);
            tracer = new Tracer(tracer.Owner, Kept(old.Value, tracer.Value), keepsTangent ? old.Tangent : tracer.Tangent);
            given = Edge.To(root);
        }

        root.Become(tracer!, given);
    }

    /// <summary>New values with the history of old ones.</summary>
    private static Tensor Kept(Tensor old, Tensor values)
    {
        if (!Traced.RequiresGrad(old))
        {
            return values;
        }

        var before = Recording.SetHere(true);
        try
        {
            var copy = old.Clone();
            Recording.SetHere(false);
            return copy.Copy_(values);
        }
        finally
        {
            Recording.SetHere(before);
        }
    }

    /// <summary>The memory beneath all transforms; null where one of them knows no values.</summary>
    private static Storage? MemoryOf(Tensor x)
    {
        while (x.Tracer is { } tracer)
        {
            if (tracer.Known is not { } known)
            {
                return null;
            }

            x = known;
        }

        return x.Memory;
    }

    // Without memory nobody can tell what is a view of what.
    private static void ThrowUnlessKnown(Tensor x)
    {
        while (x.Tracer is { } tracer)
        {
            x = tracer.Known ?? throw tracer.Owner.NoChange();
        }
    }
}
