using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Memory;
using Adjoint.Watching;

namespace Adjoint.Tape;

/// <summary>
/// PyTorch's rules for changing a tensor in place, checked before and noted after. A recorded change gives the tensor a new history. A change of a
/// view is a change of its base: the base's new value is its old one with the view's part replaced, and every view then follows the new base.
/// </summary>
internal static class InPlace
{
    /// <summary>Checks that a tensor may be overwritten by a result of this dtype and shape; returns whether that is recorded.</summary>
    /// <exception cref="AutogradException">It is a leaf that requires grad, a view of one, or a view that was not recorded.</exception>
    /// <exception cref="ShapeException">The result has another shape, or elements share memory.</exception>
    /// <exception cref="DTypeException">The result's dtype is of a higher category.</exception>
    public static bool Begin(Tensor x, bool requiresGrad, DType dtype, Layout result)
    {
        var recorded = Begin(x, requiresGrad);
        ThrowUnlessFits(x, dtype, result);
        Writing(x);
        return recorded;
    }

    /// <summary>
    /// The rules of autograd and memory, which PyTorch asks before it looks at the other operands; returns whether the change is recorded.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="requiresGrad">Whether the result does.</param>
    /// <param name="mayRepeat">Elements may share memory, because it does not matter which of them is written last.</param>
    /// <exception cref="AutogradException">It is a leaf that requires grad, a view of one, or a view that was not recorded.</exception>
    /// <exception cref="ShapeException">Elements share memory.</exception>
    public static bool Begin(Tensor x, bool requiresGrad, bool mayRepeat = false)
    {
        ThrowIfTraced(x);
        if (x.IsInference && !Inference.IsOn)
        {
            throw new AutogradException(
                "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing " +
                "inplace update. In C#: x = x.Clone(), or change it inside using (Autograd.InferenceMode()) { ... }.");
        }

        if ((x.Base ?? x).State is { Life.Refuser: { IsAlive: true } refuser })
        {
            refuser.Refuse();
        }

        ThrowIfArgument(x);
        var recorded = Recording.IsOn && requiresGrad;
        if (recorded)
        {
            ThrowIfRefused(x);
        }

        if (!mayRepeat && x.Layout.Overlaps)
        {
            throw Repeated();
        }

        return recorded;
    }

    /// <summary>Refuses a change of what a reverse transform gave its function.</summary>
    /// <exception cref="AutogradException">It is that.</exception>
    public static void ThrowIfArgument(Tensor x)
    {
        if ((x.Base ?? x).State is { IsArgument: true })
        {
            throw new AutogradException(
                "an argument of a function that is being transformed is changed in place, which would change the caller's tensor. Use the " +
                "out-of-place operator: x = x + y instead of x += y or x.Add_(y); or change x.Clone().");
        }
    }

    /// <summary>Checks that a result can be stored.</summary>
    /// <exception cref="ShapeException">It has another shape.</exception>
    /// <exception cref="DTypeException">Its dtype is of a higher category.</exception>
    public static void ThrowUnlessFits(Tensor x, DType dtype, Layout result)
    {
        if (!x.Layout.SameSizes(result))
        {
            throw new ShapeException(
                $"output with shape {Shape.Text(x.Layout.Sizes)} doesn't match the broadcast shape {Shape.Text(result.Sizes)}. " +
                "An in-place operator cannot grow its tensor; use the out-of-place one.");
        }

        if (dtype.Category > x.DType.Category)
        {
            throw new DTypeException(
                $"result type {dtype.ScalarName} can't be cast to the desired output type {x.DType.ScalarName}. " +
                "Use the out-of-place operator, or convert the tensor first with To(DType).");
        }
    }

    /// <summary>The error that elements share memory.</summary>
    public static ShapeException Repeated() => new(
        "unsupported operation: more than one element of the written-to tensor refers to a single memory location. " +
        "Please clone() the tensor before performing the operation. In C#: x = x.Clone().");

    /// <summary>The contents are about to change: what is saved of them may have to be copied first.</summary>
    public static void Writing(Tensor x)
    {
        if (SavedHooks.Scopes != 0)
        {
            MutationHooks.CopySavedOf(x.Storage);
        }
    }

    /// <summary>Refuses a recorded change of what must not have one.</summary>
    /// <exception cref="AutogradException">It is a leaf that requires grad, a view of one,
    /// or a view that nothing can be followed through.</exception>
    public static void ThrowIfRefused(Tensor x)
    {
        if (x.Base is { } source)
        {
            Views.ThrowIfOpaque(x);
            if (source.IsLeaf && x.RequiresGrad)
            {
                throw new AutogradException(
                    "a view of a leaf Variable that requires grad is being used in an in-place operation. Change it inside " +
                    "using (Autograd.NoGrad()) { ... }, or use the out-of-place operator.");
            }
        }

        if (x.IsLeaf && x.Base is { IsLeaf: false })
        {
            throw new AutogradException(
                "a leaf Variable that requires grad is being used in an in-place operation. It is a view from before its base was changed by " +
                "recorded operations, and has not followed it yet: read its GradFn first, or make the view anew.");
        }

        if (x.IsLeaf && x.RequiresGrad)
        {
            throw new AutogradException(
                "a leaf Variable that requires grad is being used in an in-place operation. Change it inside " +
                "using (Autograd.NoGrad()) { ... } if the change is not part of the function, or use the out-of-place operator.");
        }
    }

    /// <summary>Stand-ins inside a transform have no memory to overwrite, and a tensor from outside cannot hold what is followed inside.</summary>
    /// <exception cref="AutogradException">One of them is a stand-in.</exception>
    public static void ThrowIfTraced(Tensor x, Tensor? y = null)
    {
        if (x.IsStandIn || y is { IsStandIn: true })
        {
            throw (x.Tracer ?? y!.Tracer)!.Owner.NoChange();
        }

        // Outside of transforms nothing is captured, and a look at the history of a view may find that it is lost.
        if (Nesting.Depth > 0 && Recording.IsOn && y?.GradFn is { Level: > 0 } node)
        {
            ThrowIfCaptured(x, node);
        }
    }

    /// <summary>
    /// Refuses to write what depends on the argument of a reverse transform into a tensor from outside of it, which would keep its history.
    /// </summary>
    /// <exception cref="AutogradException">It is such a tensor.</exception>
    public static void ThrowIfCaptured(Tensor x, Node? written) => ThrowIfCaptured(x.Storage.Depth, written);

    /// <summary>The same for a tensor that was made at a depth of transforms.</summary>
    public static void ThrowIfCaptured(int depth, Node? written)
    {
        // Odd levels are those of leaves that were made inside; what lies outside of these tells whether there is an argument as well.
        var level = written is null ? 0 : written.Level % 2 == 0 ? written.Level : written.Floor % 2 == 0 ? written.Floor : 0;
        if (level / 2 > depth && level / 2 <= Nesting.Depth)
        {
            throw Captured();
        }
    }

    /// <summary>The error that a tensor from outside of a transform is changed in place.</summary>
    public static AutogradException Captured() => new(
        "During a grad (vjp, jvp, grad, etc) transform, the function provided attempted to call in-place operation that would mutate a captured " +
        "Tensor. This is not supported; please rewrite the function being transformed to explicitly accept the mutated Tensor(s) as inputs. In " +
        "C#: change a Clone() that is made inside of the function, or return the new value.");

    /// <summary>Notes that the contents changed.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="by">The operator.</param>
    public static void Changed(Tensor x, Type by)
    {
        x.Storage.Version++;
        if (Observation.IsOn)
        {
            Observation.Changed(x, by, isRecorded: false);
        }
    }

    /// <summary>Notes that the contents changed by a method, or by an operator that is known by the name of its derivative.</summary>
    public static void Changed(Tensor x, string by = "an in-place operator")
    {
        x.Storage.Version++;
        if (Observation.IsOn)
        {
            Observation.Changed(x, by, isRecorded: false);
        }
    }

    /// <summary>Notes a recorded change, and gives the tensor to attach the operation's node to; <see cref="End"/> follows.</summary>
    public static Tensor Result(Tensor x, Type by)
    {
        x.Storage.Version++;
        if (Observation.IsOn)
        {
            Observation.Changed(x, by, isRecorded: true);
        }

        return x.Base is null ? x : new Tensor(x.Storage, x.Layout, x.DType);
    }

    /// <inheritdoc cref="Result(Tensor, Type)"/>
    public static Tensor Result(Tensor x, string by = "an in-place operator")
    {
        x.Storage.Version++;
        if (Observation.IsOn)
        {
            Observation.Changed(x, by, isRecorded: true);
        }

        return x.Base is null ? x : new Tensor(x.Storage, x.Layout, x.DType);
    }

    /// <summary>
    /// Where the gradient of the old values of a tensor goes that is about to be changed. For a view that is its base, read at the view's places:
    /// hooks on the old value belong to that value, and no longer run for what the change makes of it.
    /// </summary>
    public static Edge Old(Tensor x) => x.Base is null ? Edge.To(x) : Views.Read(x);

    /// <summary>Makes a recorded change the history of the tensor, or of the base it is a view of.</summary>
    public static void End(Tensor x, Tensor result)
    {
        if (x.Base is { } source)
        {
            var op = new WriteView(source.Layout, x.Layout);
            _ = new JoinNode<WriteView>(op, [Edge.To(source), Edge.To(result)], [source.Layout, x.Layout], source);
        }
    }
}
