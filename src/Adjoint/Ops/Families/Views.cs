namespace Adjoint.Ops.Families;

/// <summary>How a view gets its history from its base after the base got a new one.</summary>
internal static class Views
{
    /// <summary>The node of a view whose base was changed by a recorded in-place operation since: reading the new base at the view's places.</summary>
    public static Node? Follow(Tensor view)
    {
        var source = view.Base!;
        view.BaseRebases = view.Storage.Rebases;
        if (!source.RequiresGrad || view.IsUnrecordedView)
        {
            return view.GradFn;
        }

        var op = new ThroughMemory(source.Layout, view.Layout);
        return new LinearNode<ThroughMemory>(op, Edge.To(source), source.Layout, view);
    }

    /// <summary>Zeros as large as the memory that two layouts span.</summary>
    public static Tensor Memory(Layout a, Layout b, DType dtype) =>
        Op.Zeroed(Layout.Dense([checked((int)Math.Max(Extent(a), Extent(b)))]), dtype);

    private static nint Extent(Layout layout)
    {
        var last = layout.Offset;
        for (var d = 0; d < layout.Rank; d++)
        {
            last += Math.Max(layout.Sizes[d] - 1, 0) * layout.Strides[d];
        }

        return last + 1;
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
