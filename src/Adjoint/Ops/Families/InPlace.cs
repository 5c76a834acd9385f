using Adjoint.Memory;

namespace Adjoint.Ops.Families;

/// <summary>
/// PyTorch's rules for changing a tensor in place, checked before and noted after. A recorded change gives the tensor a new history. A change of a view is
/// a change of its base: the base's new value is its old one with the view's part replaced, and every view then follows the new base.
/// </summary>
internal static class InPlace
{
    /// <summary>Checks that a tensor may be overwritten by a result of this dtype and shape; returns whether that is recorded.</summary>
    /// <exception cref="AutogradException">It is a leaf that requires grad, a view of one, or a view that was not recorded.</exception>
    /// <exception cref="ShapeException">The result has another shape, or elements share memory.</exception>
    /// <exception cref="DTypeException">The result's dtype is of a higher category.</exception>
    public static bool Begin(Tensor x, bool requiresGrad, DType dtype, Layout result)
    {
        ThrowIfTraced(x);
        if (x.IsInference && !Inference.IsOn)
        {
            throw new AutogradException(
                "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing " +
                "inplace update. In C#: x = x.Clone(), or change it inside using (Autograd.InferenceMode()) { ... }.");
        }

        if ((x.Base ?? x).State is { Refuser: { IsAlive: true } refuser })
        {
            refuser.Refuse();
        }

        if ((x.Base ?? x).State is { IsArgument: true })
        {
            throw new AutogradException(
                "an argument of a function that is being transformed is changed in place, which would change the caller's tensor. Use the " +
                "out-of-place operator: x = x + y instead of x += y or x.Add_(y); or change x.Clone().");
        }

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

        for (var d = 0; d < x.Rank && x.Layout.Count > 0; d++)
        {
            if (x.Layout.Strides[d] == 0 && x.Layout.Sizes[d] > 1)
            {
                throw new ShapeException(
                    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. " +
                    "Please Clone() the tensor before performing the operation.");
            }
        }

        var recorded = Recording.IsOn && requiresGrad;
        if (recorded)
        {
            ThrowIfRefused(x);
        }

        Writing(x);
        return recorded;
    }

    /// <summary>The contents are about to change: what is saved of them may have to be copied first.</summary>
    public static void Writing(Tensor x)
    {
        if (SavedHooks.Scopes != 0)
        {
            MutationHooks.CopySavedOf(x.Storage);
        }
    }

    /// <summary>Refuses a recorded change of what must not have one.</summary>
    /// <exception cref="AutogradException">It is a leaf that requires grad, a view of one, or a view that nothing can be followed through.</exception>
    public static void ThrowIfRefused(Tensor x)
    {
        if (x.Base is { } source)
        {
            Views.ThrowIfOpaque(x);
            if (source is { IsLeaf: true, RequiresGrad: true })
            {
                throw new AutogradException(
                    "a view of a leaf Variable that requires grad is being used in an in-place operation. Change it inside " +
                    "using (Autograd.NoGrad()) { ... }, or use the out-of-place operator.");
            }
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
            var tracer = (x.Tracer ?? y!.Tracer)!;
            throw new AutogradException(
                $"{tracer.Owner.Name}: inplace arithmetic is not possible on a tensor inside of the transform, or with one as operand. Use the " +
                "out-of-place operator: x = x + y instead of x += y or x.Add_(y).");
        }
    }

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

    /// <summary>Makes a recorded change the history of the tensor, or of the base it is a view of.</summary>
    public static void End(Tensor x, Tensor result)
    {
        if (x.Base is { } source)
        {
            var op = new WriteView(source.Layout, x.Layout);
            _ = new JoinNode<WriteView>(op, [Edge.To(source), Edge.To(result)], [source.Layout, x.Layout], source);
        }

        x.Storage.Rebases++;
    }
}
