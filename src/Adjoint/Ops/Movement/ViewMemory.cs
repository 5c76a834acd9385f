using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Tensors written to memory of their own with one layout, and read from it with another.</summary>
internal static class ViewMemory
{
    private const int Row = 1 << 30;

    /// <summary>
    /// New memory that two layouts fit in, with a tensor written to it by the first of them: its sum where several places share an element, and zero
    /// where it does not reach.
    /// </summary>
    public static Tensor Write(Tensor x, Layout layout, Layout other)
    {
        if (x.DType.IsNarrow && layout.Overlaps)
        {
            return Op.Convert(Write(Op.Wide(x), layout, other), x.DType);
        }

        var whole = Both(layout, other);
        var memory = layout.IsDense && layout.Count == whole.Count ? Op.Fresh(whole, x.DType) : Op.Zeroed(whole, x.DType);
        if (layout.Repeats)
        {
            x = Op.Fold(default(SumFold), x, Array.ConvertAll(layout.Strides, stride => stride == 0), keepDim: true);
            layout = layout.Once();
        }

        if (layout.Overlaps)
        {
            Add(x, memory, layout);
        }
        else
        {
            Op.CopyInto(x, memory.View(layout));
        }

        return memory;
    }

    /// <summary>
    /// Adds a tensor to memory through a layout in which windows overlap: one loop for each position of some dimensions, chosen so that the other
    /// ones share no element.
    /// </summary>
    public static void Add(Tensor x, Tensor memory, Layout layout)
    {
        var apart = new bool[layout.Rank];
        foreach (var d in Enumerable.Range(0, layout.Rank).OrderByDescending(d => layout.Sizes[d]))
        {
            apart[d] = true;
            apart[d] = Layout.AreApart([.. layout.Sizes.Where((_, i) => apart[i])], [.. layout.Strides.Where((_, i) => apart[i])]);
        }

        var sizes = layout.Sizes.Select((size, d) => apart[d] ? size : 1).ToArray();
        var looped = layout.Sizes.Select((size, d) => apart[d] ? 1 : size).ToArray();
        var from = new Layout(looped, x.Layout.Strides, x.Layout.Offset).Positions();
        var to = new Layout(looped, layout.Strides, layout.Offset).Positions();
        foreach (var (source, target) in from.Zip(to))
        {
            var sum = memory.View(new Layout(sizes, layout.Strides, target));
            Op.Run(new Map2Body<Add>(default), sum, sum, x.View(new Layout(sizes, x.Layout.Strides, source)), null, null);
        }
    }

    /// <summary>How many places of a layout share each element of memory that holds it and another one; 1 where there is none.</summary>
    public static Tensor Shares(Layout layout, Layout other, DType dtype)
    {
        var whole = Both(layout, other);
        var counts = new double[whole.Count];
        foreach (var position in layout.Positions())
        {
            counts[position]++;
        }

        return Op.Convert(Tensor.FromArray(Array.ConvertAll(counts, count => Math.Max(count, 1))), dtype).View(whole);
    }

    /// <summary>A layout of one of a batch as that of all, each in memory of its own.</summary>
    /// <param name="layout">The layout of one.</param>
    /// <param name="extent">The memory of one.</param>
    /// <param name="samples">How many there are.</param>
    public static Layout Batched(Layout layout, nint extent, int samples) =>
        new([samples, .. layout.Sizes], [extent, .. layout.Strides], layout.Offset);

    /// <summary>What memory holds at a layout's places, in memory of its own.</summary>
    public static Tensor Read(Tensor memory, Layout layout) => layout.IsDense && layout.Count == memory.Count
        ? new Tensor(memory.Storage, layout, memory.DType)
        : Op.Copy(memory.View(layout));

    /// <summary>The layout of memory that two layouts fit in.</summary>
    public static Layout Both(Layout a, Layout b)
    {
        // Of its shape nobody asks, so memory beyond what one dimension can have gets two.
        var extent = Math.Max(a.Extent, b.Extent);
        return extent <= int.MaxValue
            ? Layout.Dense([(int)extent])
            : Layout.Dense([Shape.Dimension((extent + Row - 1) / Row, "memory of views"), Row]);
    }
}

/// <summary>
/// A tensor written to memory with one layout and read with another; places not written are zero, and places that share an element add up. The
/// layouts are those of a base and its view, or the other way round, which is the transpose.
/// </summary>
/// <param name="From">Where the tensor is written.</param>
/// <param name="To">Where the result is read.</param>
/// <param name="Sharing">
/// How many places of the base share each element: where they hold one value, each counts for its part of it, as in PyTorch. Where not all elements
/// are shared by as many, <see cref="ByFrom"/> or <see cref="ByTo"/>: they are counted.
/// </param>
internal readonly record struct ThroughMemory(LayoutValue From, LayoutValue To, nint Sharing = 1) : ILinear
{
    /// <summary>The base is <see cref="From"/>, and its places are counted.</summary>
    private const nint ByFrom = -1;

    /// <summary>The base is <see cref="To"/>, and its places are counted.</summary>
    private const nint ByTo = -2;

    public string GradName => "AsStridedBackward0";

    /// <summary>A base read at the places of a view.</summary>
    public static ThroughMemory Of(Layout source, Layout view) =>
        new(source, view, !source.Overlaps ? 1 : source.Once().Overlaps ? ByFrom : source.Sharing);

    public TensorType Infer(TensorType x) => x.With(To.Layout.Sizes);

    public Tensor Apply(Tensor x)
    {
        var memory = ViewMemory.Write(x, From, To);
        if (Sharing < 0)
        {
            var shares = Sharing == ByFrom ? ViewMemory.Shares(From, To, x.DType) : ViewMemory.Shares(To, From, x.DType);
            Op.Run(default(QuotientBody), memory, memory, shares, null, null);
        }

        var result = ViewMemory.Read(memory, To);
        if (Sharing > 1)
        {
            Op.Run(default(QuotientBody), result, result, Numbers.InDType(Numbers.Of((long)Sharing), x.DType), null, null);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) =>
        Op.Linear(new ThroughMemory(To, From, Sharing < 0 ? ByFrom + ByTo - Sharing : Sharing), g);

    public Tensor? Batch(Tensor x)
    {
        var (extent, samples) = (Math.Max(From.Layout.Extent, To.Layout.Extent), x.Layout.Sizes[0]);
        return Op.Linear(new ThroughMemory(ViewMemory.Batched(From, extent, samples), ViewMemory.Batched(To, extent, samples), Sharing), x);
    }
}

/// <summary>A base with the places of a view set to zero; its own transpose.</summary>
internal readonly record struct Erase(LayoutValue Source, LayoutValue View) : ILinear
{
    public string GradName => "CopySlicesBackward0";

    public TensorType Infer(TensorType x) => x;

    public Tensor Apply(Tensor x)
    {
        if (Source.Layout.IsDense)
        {
            var copy = Op.Copy(x);
            Numbers.Fill(copy.View(View), 0);
            return copy;
        }

        // Places of the base that share an element share its fate, and keep their own values where it stays.
        var one = Numbers.InDType(Numbers.Of(1L), x.DType);
        var kept = ViewMemory.Write(one.View(one.Layout.Expand(Source.Layout.Sizes)), Source, View);
        Numbers.Fill(kept.View(View), 0);
        return Op.RunReal(default(KeepBody), Source.Layout.ToDense(), x, ViewMemory.Read(kept, Source), null, null);
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new Erase(Source, View), g);

    public Tensor? Batch(Tensor x)
    {
        var (extent, samples) = (Math.Max(Source.Layout.Extent, View.Layout.Extent), x.Layout.Sizes[0]);
        return Op.Linear(new Erase(ViewMemory.Batched(Source, extent, samples), ViewMemory.Batched(View, extent, samples)), x);
    }

    /// <summary>a where b is not zero.</summary>
    private readonly struct KeepBody : IBody
    {
        public static int Arity => 2;

        public static Algebra.Elements Elements => Algebra.Elements.All;

        public V F<V>(V a, V b, V c, V d)
            where V : struct, Algebra.IReal<V> => V.Select(V.Equal(b, V.Zero), V.Zero, a);

        public V I<V>(V a, V b, V c, V d)
            where V : struct, Algebra.IRing<V> => V.Select(V.Equal(b, V.Zero), V.Zero, a);
    }
}

/// <summary>A base with the places of a view replaced, no two of which share an element: what changing a view in place does to its base.</summary>
internal readonly record struct WriteView(LayoutValue Source, LayoutValue View) : IJoin
{
    public string GradName => "CopySlices";

    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs)
    {
        var memory = Op.Zeroed(ViewMemory.Both(Source, View), inputs[0].DType);
        Op.CopyInto(inputs[0], memory.View(Source));
        Op.CopyInto(inputs[1], memory.View(View));
        return ViewMemory.Read(memory, Source);
    }

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) =>
        index == 0 ? Op.Linear(new Erase(Source, View), g) : Op.Linear(new ThroughMemory(Source, View), g);
}
