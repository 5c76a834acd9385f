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
        var whole = Both(layout, other);
        var memory = layout.IsDense && layout.Count == whole.Count ? Op.Fresh(whole, x.DType) : Op.Zeroed(whole, x.DType);
        if (layout.Repeats)
        {
            x = Op.Fold(default(SumFold), x, Array.ConvertAll(layout.Strides, stride => stride == 0), keepDim: true);
            layout = layout.Once();
        }

        Op.CopyInto(x, memory.View(layout));
        return memory;
    }

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
/// How many places of the base share each element: where they hold one value, each counts for its part of it, as in PyTorch.
/// </param>
internal readonly record struct ThroughMemory(LayoutValue From, LayoutValue To, nint Sharing = 1) : ILinear
{
    public string GradName => "AsStridedBackward0";

    public TensorType Infer(TensorType x) => x.With(To.Layout.Sizes);

    public Tensor Apply(Tensor x)
    {
        var result = ViewMemory.Read(ViewMemory.Write(x, From, To), To);
        if (Sharing != 1)
        {
            Op.Run(default(QuotientBody), result, result, Numbers.InDType(Numbers.Of((long)Sharing), x.DType), null, null);
        }

        return result;
    }

    public Tensor Transpose(Tensor g, Shape input) => Op.Linear(new ThroughMemory(To, From, Sharing), g);
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
