using Adjoint.Memory;

namespace Adjoint.Ops.Families;

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

/// <summary>How a view gets its history from its base after the base got a new one.</summary>
internal static class Views
{
    /// <summary>The node of a view whose base was changed by a recorded in-place operation since: reading the new base at the view's places.</summary>
    public static Node? Follow(Tensor view)
    {
        var source = view.Base!;
        if (source.RequiresGrad)
        {
            ThrowIfOpaque(view, changed: "its base or another view of its base has been");
        }

        view.BaseRebases = view.Storage.Rebases;
        if (!source.RequiresGrad)
        {
            return view.GradFn;
        }

        var op = new ThroughMemory(source.Layout, view.Layout);
        return new LinearNode<ThroughMemory>(op, Edge.To(source), source.Layout, view);
    }

    /// <summary>Whether the history of a view is lost, because its base changed and it cannot follow; PyTorch prints <c>Invalid</c>.</summary>
    public static bool IsBroken(Tensor x) =>
        x.Base is { RequiresGrad: true } && x.ViewOrigin != ViewOrigin.Recorded && x.Storage.Rebases != x.BaseRebases;

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
                " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the " +
                $"inplace either both inside the {(isInference ? "inference_mode" : "no_grad")} block (if you don't want the inplace to be tracked) or " +
                "both outside (if you want the inplace to be tracked). In C# the block is using (Autograd." +
                $"{(isInference ? "InferenceMode" : "NoGrad")}()) {{ ... }}.",
            ViewOrigin.MultiOutput =>
                " This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified " +
                "inplace. You should replace the inplace operation by an out-of-place one. In C#: y = y + 1 instead of y += 1, or make the view with " +
                "x[i], Select or Narrow.",
            _ =>
                " This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to handle " +
                "view+inplace would override the custom backward associated with the custom Function, leading to incorrect gradients. This behavior " +
                "is forbidden. You can fix this by cloning the output of the custom Function.",
        });
    }

    /// <summary>Zeros as large as the memory that two layouts span.</summary>
    public static Tensor Memory(Layout a, Layout b, DType dtype)
    {
        // Of its shape nobody asks: it is there to be seen through the two layouts.
        var extent = Math.Max(Math.Max(a.Extent, b.Extent), 1);
        return new Tensor(Storage.AllocateZeroed(extent * dtype.ItemSize), Layout.Scalar, dtype);
    }
}

/// <summary>
/// A tensor written to memory with one layout and read with another; places not written are zero. The layouts are those of a base and its view,
/// or the other way round, which is the transpose.
/// </summary>
internal readonly struct ThroughMemory(Layout from, Layout to) : ILinear
{
    public string GradName => "AsStridedBackward0";

    public Tensor Apply(Tensor x)
    {
        var memory = Views.Memory(from, to, x.DType);
        Op.CopyInto(x, memory.View(from));
        return Op.Copy(memory.View(to));
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new ThroughMemory(to, from), g);
}

/// <summary>A base with the places of a view set to zero; its own transpose.</summary>
internal readonly struct Erase(Layout source, Layout view) : ILinear
{
    public string GradName => "CopySlicesBackward0";

    public Tensor Apply(Tensor x)
    {
        var memory = Views.Memory(source, view, x.DType);
        Op.CopyInto(x, memory.View(source));
        Numbers.Fill(memory.View(view), 0);
        return Op.Copy(memory.View(source));
    }

    public Tensor Transpose(Tensor g, Layout input) => Op.Linear(new Erase(source, view), g);
}

/// <summary>A base with the places of a view replaced: what changing a view in place does to its base.</summary>
internal readonly struct WriteView(Layout source, Layout view) : IJoin
{
    public string GradName => "CopySlices";

    public Tensor Apply(Tensor[] inputs)
    {
        var memory = Views.Memory(source, view, inputs[0].DType);
        Op.CopyInto(inputs[0], memory.View(source));
        Op.CopyInto(inputs[1], memory.View(view));
        return Op.Copy(memory.View(source));
    }

    public Tensor Transpose(Tensor g, Layout[] inputs, int index) =>
        index == 0 ? Op.Linear(new Erase(source, view), g) : Op.Linear(new ThroughMemory(source, view), g);
}
