using Adjoint.Families;
using Adjoint.Memory;

namespace Adjoint.Tape;

/// <summary>How a view was made; a view of a view is of its kind.</summary>
internal enum ViewOrigin : byte
{
    /// <summary>By an operator that was recorded, or would have been.</summary>
    Recorded,

    /// <summary>While nothing was recorded.</summary>
    NoGrad,

    /// <summary>In inference mode.</summary>
    Inference,

    /// <summary>As one of several by one operator.</summary>
    MultiOutput,

    /// <summary>By a custom function.</summary>
    CustomFunction,
}

/// <summary>How a view gets its history from its base after the memory changed.</summary>
internal static class Views
{
    private const string Followed = "its base or another view of its base has been";

    /// <summary>
    /// The node of a view whose memory was changed in place since it was made, by whatever name and whether recorded or not: reading the base as it
    /// is now at the view's places. PyTorch's rule, down to which views are refused.
    /// </summary>
    /// <exception cref="AutogradException">The view was made in a way through which a changed history cannot be followed.</exception>
    public static Node? Follow(Tensor view)
    {
        if (view.OwnGradFn is null && !view.Base!.RequiresGrad)
        {
            return null;
        }

        ThrowIfOpaque(view, Followed);
        view.SeenVersion = view.Storage.Version;
        return Reading(view.Base!, view);
    }

    /// <summary>Where the gradient of a view's present values goes: to its base, where that requires grad.</summary>
    public static Edge Read(Tensor view) => view.Base is { RequiresGrad: true } source
        ? new Edge(Reading(source, new Tensor(view.Storage, view.Layout, view.DType)), 0)
        : default;

    /// <summary>Whether the history of a view is lost, because its memory changed and it cannot follow; PyTorch prints <c>Invalid</c>.</summary>
    public static bool IsBroken(Tensor x) =>
        x.Base is not null && x.RequiresGrad && x.ViewOrigin != ViewOrigin.Recorded && x.Storage.Version != x.SeenVersion;

    /// <summary>Refuses a recorded use of a view that cannot follow its base, before anything else is looked at.</summary>
    /// <exception cref="AutogradException">The history of the view is lost.</exception>
    public static void ThrowIfBroken(Tensor x)
    {
        if (Recording.IsOn && IsBroken(x))
        {
            ThrowIfOpaque(x, Followed);
        }
    }

    /// <summary>Refuses a change in place of a view that was made in a way through which a changed history cannot be followed.</summary>
    /// <param name="view">The view.</param>
    /// <param name="changed">What changed, as a verb.</param>
    /// <exception cref="AutogradException">It was made in such a way.</exception>
    public static void ThrowIfOpaque(Tensor view, string changed = "is being")
    {
        if (view.ViewOrigin == ViewOrigin.Recorded)
        {
            return;
        }

        // PyTorch's words: a view without a node was made while nothing was recorded, whatever else it is.
        var node = view.OwnGradFn;
        var isInference = view.ViewOrigin == ViewOrigin.Inference;
        var text = isInference || view.ViewOrigin == ViewOrigin.NoGrad || node is null
            ? (node is null ? "A view was created in" : $"Output {view.OutputIndex} of {node.Name} is a view of a view which was created in") +
                (isInference
                    ? $" inference mode and {changed} modified inplace in normal mode."
                    : $" no_grad mode and {changed} modified inplace with grad mode enabled.")
            : $"Output {view.OutputIndex} of {node.Name} is a view and {changed} modified inplace.";
        throw new AutogradException(text + view.ViewOrigin switch
        {
            ViewOrigin.NoGrad or ViewOrigin.Inference =>
                " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and " +
                $"the inplace either both inside the {(isInference ? "inference_mode" : "no_grad")} block (if you don't want the inplace to be " +
                "tracked) or both outside (if you want the inplace to be tracked). In C# the block is using (Autograd." +
                $"{(isInference ? "InferenceMode" : "NoGrad")}()) {{ ... }}.",
            ViewOrigin.MultiOutput =>
                " This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified " +
                "inplace. You should replace the inplace operation by an out-of-place one. In C#: y = y + 1 instead of y += 1, or make the view " +
                "with x[i], Select or Narrow.",
            _ =>
                " This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to handle " +
                "view+inplace would override the custom backward associated with the custom Function, leading to incorrect gradients. This " +
                "behavior is forbidden. You can fix this by cloning the output of the custom Function.",
        });
    }

    private static LinearNode<ThroughMemory> Reading(Tensor source, Tensor view) =>
        new(ThroughMemory.Of(source.Layout, view.Layout), Edge.To(source), source.Layout, view);
}
