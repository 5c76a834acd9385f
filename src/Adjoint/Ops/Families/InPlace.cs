namespace Adjoint.Ops.Families;

/// <summary>PyTorch's rules for changing a tensor in place, checked before and noted after.</summary>
internal static class InPlace
{
    /// <summary>Checks that a tensor may be overwritten by a result of this dtype and shape; returns whether that is recorded.</summary>
    /// <exception cref="AutogradException">It is a leaf that requires grad, or a view.</exception>
    /// <exception cref="ShapeException">The result has another shape, or elements share memory.</exception>
    /// <exception cref="DTypeException">The result's dtype is of a higher category.</exception>
    public static bool Begin(Tensor x, bool requiresGrad, DType dtype, Layout result)
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

        for (var d = 0; d < x.Rank; d++)
        {
            if (x.Layout.Strides[d] == 0 && x.Layout.Sizes[d] > 1)
            {
                throw new ShapeException(
                    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. " +
                    "Please Clone() the tensor before performing the operation.");
            }
        }

        if (!Recording.IsOn || !requiresGrad)
        {
            return false;
        }

        if (x.IsLeaf && x.RequiresGrad)
        {
            throw new AutogradException(
                "a leaf Variable that requires grad is being used in an in-place operation. Change it inside " +
                "using (Autograd.NoGrad()) { ... } if the change is not part of the function, or use the out-of-place operator.");
        }

        if (x.Base is { } source)
        {
            throw source.IsLeaf && source.RequiresGrad
                ? new AutogradException(
                    "a view of a leaf Variable that requires grad is being used in an in-place operation. Change it inside " +
                    "using (Autograd.NoGrad()) { ... }, or use the out-of-place operator.")
                : new AutogradException(
                    "an in-place operation on a view is not recorded: its base would not see the new history. Use the out-of-place " +
                    "operator, or change a Clone() of the view.");
        }

        return true;
    }

    /// <summary>Notes that the contents changed.</summary>
    public static void Changed(Tensor x) => x.Storage.Version++;

    /// <summary>Notes that the contents changed and got a new history, which older views do not have.</summary>
    public static void Rebased(Tensor x)
    {
        x.Storage.Version++;
        x.Storage.Rebases++;
    }
}

/// <summary>What views of a tensor must know of its history.</summary>
internal static class Views
{
    /// <summary>A view made before its base got a new history by an in-place operator would give gradients of the old one.</summary>
    /// <exception cref="AutogradException">That happened.</exception>
    public static void ThrowIfRebased(Tensor view)
    {
        if (view.Storage.Rebases != view.BaseRebases)
        {
            throw new AutogradException(
                "a view is used after its base was modified by a recorded in-place operation; the view's history is out of date. " +
                "Take the view again from the base after the in-place operation.");
        }
    }
}
