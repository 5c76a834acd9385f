using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Memory;

namespace Adjoint.Families;

/// <content>What the families share: fresh results, conversions, and the way from tensors to inner loops.</content>
public static partial class Op
{
    /// <summary>A tensor with memory of its own, not initialised, dense in the order of a layout's sizes.</summary>
    internal static Tensor Fresh(Layout layout, DType dtype) =>
        new(Storage.Allocate(Bytes(layout, dtype)), layout.ToDense(), dtype);

    internal static Tensor Zeroed(Layout layout, DType dtype) =>
        new(Storage.AllocateZeroed(Bytes(layout, dtype)), layout.ToDense(), dtype);

    /// <summary>A dense copy, not recorded.</summary>
    internal static Tensor Copy(Tensor x)
    {
        var copy = Fresh(x.Layout, x.DType);
        CopyInto(x, copy);
        return copy;
    }

    /// <summary>The same values in a dtype, not recorded; the tensor itself if it has that dtype.</summary>
    internal static Tensor Convert(Tensor x, DType dtype)
    {
        if (x.DType == dtype)
        {
            return x;
        }

        if (x.IsNumber)
        {
            return Numbers.InDType(x, dtype);
        }

        var converted = Fresh(x.Layout, dtype);
        CopyInto(x, converted);
        return converted;
    }

    /// <summary>
    /// A copy of a tensor that an in-place operator is about to overwrite, with the history of the old values, which second derivatives follow.
    /// </summary>
    internal static Tensor Old(Tensor x, Edge history)
    {
        var copy = Copy(x);
        copy.GradFn = history.Node;
        copy.OutputIndex = history.Index;
        return copy;
    }

    /// <summary>A saved tensor in the dtype of the gradient that it meets; the gradient itself where none was saved.</summary>
    internal static Tensor SavedIn(Tensor? saved, Tensor gradient) => saved is null ? gradient : Convert(saved, gradient.DType);

    /// <summary>The same values without gaps, not recorded; the tensor itself if it is contiguous.</summary>
    internal static Tensor Contiguous(Tensor x) => x.Layout.IsContiguous ? x : Copy(x);

    /// <summary>Overwrites a tensor's elements with another's, broadcast and converted; neither recorded nor counted as a change.</summary>
    internal static unsafe void CopyInto(Tensor from, Tensor to)
    {
        if (Cast.Between(from.DType, to.DType) is { } between)
        {
            var middle = Fresh(from.Layout, between);
            CopyInto(from, middle);
            CopyInto(middle, to);
            return;
        }

        fixed (byte* source = &from.Storage.Origin, target = &to.Storage.Origin)
        {
            if (to.Layout.IsDense && from.DType == to.DType && to.Layout.Count < Work.SharedFrom(Work.Light, 8)
                && from.Layout.IsDense && from.Layout.SameSizes(to.Layout))
            {
                var size = to.Layout.Count * to.DType.ItemSize;
                Buffer.MemoryCopy(source, target, size, size);
            }
            else
            {
                Walk.Run(
                    Cast.Inner(from.DType, to.DType),
                    null,
                    [OperandOf(to, target), OperandOf(from, source)],
                    Cast.WeightOf(from.DType, to.DType));
            }
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    internal static unsafe Operand OperandOf(Tensor x, byte* origin) => new()
    {
        Data = origin + (x.Layout.Offset * x.DType.ItemSize),
        Layout = x.Layout,
        ItemSize = x.DType.ItemSize,
    };

    /// <summary>Runs a loop body over real tensors into a fresh one that only the caller can name.</summary>
    internal static Tensor RunReal<B>(B body, Layout layout, Tensor a, Tensor? b, Tensor? c, Tensor? d)
        where B : struct, IBody
    {
        var result = Fresh(layout, a.DType);
        result.IsTemporary = true;
        Run(body, result, a, b, c, d);
        return result;
    }

    /// <summary>
    /// Runs a loop body over a gradient and others. Where only the sweep can name the gradient and this is its last reader, the gradient itself
    /// becomes the result: elements are read before they are written, and memory that is warm beats fresh memory.
    /// </summary>
    internal static Tensor RunPull<B>(B body, bool isLast, Tensor g, Tensor b, Tensor c, Tensor? d)
        where B : struct, IBody
    {
        if (!isLast || !g.IsTemporary || !g.Layout.IsDense)
        {
            return RunReal(body, g.Layout, g, b, c, d);
        }

        Run(body, g, g, b, c, d);
        return g;
    }

    /// <summary>
    /// Runs a loop body over tensors of the output's dtype. What a body's <see cref="IBody.Elements"/> exclude is a constant for the compiler,
    /// so no loop is made for it.
    /// </summary>
    internal static unsafe void Run<B>(B body, Tensor output, Tensor a, Tensor? b, Tensor? c, Tensor? d)
        where B : struct, IBody
    {
        // Operands that a formula does not read are not compared: the JIT knows how many it reads.
        Guard.DTypes(output.DType, a, B.Arity > 1 ? b : null, B.Arity > 2 ? c : null, B.Arity > 3 ? d : null);
        var job = default(LoopJob<B>);
        output.DType.Visit(ref job);
        if (job.Inner == null)
        {
            RunWide(body, output, a, B.Arity > 1 ? b : null, B.Arity > 2 ? c : null, B.Arity > 3 ? d : null);
            return;
        }

        // Small operators are not weighed: that would be their first call's most expensive part.
        var weight = output.Layout.Count < Work.FewestElements ? Work.Light
            : output.DType.IsFloatingPoint ? Work<B>.Weight : Work.Single;
        Lead(job.Inner, Unsafe.AsPointer(ref body), B.Arity, weight, output, a, b, c, d);
    }

    /// <summary>The tensor in the dtype that its elements are computed in; itself for most.</summary>
    internal static Tensor Wide(Tensor x) => x.DType.IsNarrow ? Convert(x, x.DType.Compute) : x;

    /// <summary>The same with the strides that it has, whatever they are.</summary>
    internal static Tensor WideAsLaid(Tensor x)
    {
        var (sizes, strides, first) = (x.Layout.Sizes, x.Layout.Strides, x.Layout.Offset);
        var all = x.View(new Layout([checked((int)Math.Max(0, x.Layout.Extent - first))], [1], first));
        return new Tensor(Wide(all).Storage, new Layout(sizes, strides, 0), x.DType.Compute);
    }

    /// <summary>
    /// Runs a loop body over elements that are stored in fewer bits than they are computed with: widened, computed, and rounded once.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunWide<B>(B body, Tensor output, Tensor a, Tensor? b, Tensor? c, Tensor? d)
        where B : struct, IBody
    {
        var first = Wide(a);
        var result = Fresh(output.Layout, output.DType.Compute);
        Run(body, result, first, Other(b), Other(c), Other(d));
        CopyInto(result, output);

        Tensor? Other(Tensor? x) => x is null ? null : ReferenceEquals(x, a) ? first : Wide(x);
    }

    /// <summary>Runs an inner loop of a weight (<see cref="Work"/>) over up to four inputs.</summary>
    internal static unsafe void Lead(
        delegate*<void*, byte**, nint*, nint, void> inner,
        void* body,
        int inputs,
        int weight,
        Tensor output,
        Tensor a,
        Tensor? b,
        Tensor? c,
        Tensor? d)
    {
        b ??= a;
        c ??= a;
        d ??= a;
        var layout = output.Layout;
        if (!layout.IsDense || !IsFlat(a, layout) || !IsFlat(b, layout) || !IsFlat(c, layout) || !IsFlat(d, layout))
        {
            Stride(inner, body, inputs, weight, output, a, b, c, d);
        }
        else if (layout.Count > 0)
        {
            if (inputs <= 2)
            {
                Flat(inner, body, weight, output, a, b);
            }
            else
            {
                Flat(inner, body, weight, output, a, b, c, d);
            }
        }

        // A block returns to the pool when its last tensor dies; not before the loop has ended.
        GC.KeepAlive(output);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        GC.KeepAlive(d);
    }

    /// <summary>The tensor in a dtype that the operator computes with.</summary>
    internal static Tensor Accept(Tensor x, Elements elements, string? refusal)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType.IsFloatingPoint ? x : Convert(x, Accepted(x.DType, elements, refusal));
    }

    /// <summary>The dtype that the operator computes with; PyTorch's sentence where it refuses truth values.</summary>
    internal static DType Accepted(DType dtype, Elements elements, string? refusal)
    {
        if (dtype.IsFloatingPoint)
        {
            return dtype;
        }

        if (elements == Elements.Real)
        {
            return DType.DefaultReal;
        }

        return dtype == DType.Bool && elements == Elements.Numbers
            ? throw new DTypeException(
                $"{refusal ?? "The operator is not implemented for 'Bool'"}. Convert the tensor first: x.To(DType.Float32) or x.To(DType.Int64).")
            : dtype;
    }

    /// <summary>The size of a dense tensor in bytes.</summary>
    /// <exception cref="ShapeException">It is beyond what can be addressed.</exception>
    internal static nint Bytes(Layout layout, DType dtype) => layout.Count <= nint.MaxValue / 16
        ? layout.Count * dtype.ItemSize
        : throw new ShapeException($"Storage size calculation overflowed with sizes={Shape.Text(layout.Sizes)}");

    /// <summary>Whether an operand is read in one go: densely, or one element over and over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFlat(Tensor x, Layout layout) => ReferenceEquals(x.Layout, layout) || IsFlatByValue(x.Layout, layout);

    private static bool IsFlatByValue(Layout own, Layout layout) => own.Count == 1 || (own.IsDense && own.SameSizes(layout));

    /// <summary>
    /// One call of the inner loop over at most two inputs. Small operators spend most of their time around it, so nothing here is cleared or copied,
    /// and nothing is pinned that the loop does not read.
    /// </summary>
    [SkipLocalsInit]
    private static unsafe void Flat(
        delegate*<void*, byte**, nint*, nint, void> inner, void* body, int weight, Tensor output, Tensor a, Tensor b)
    {
        fixed (byte* o = &output.Memory.Origin, pa = &a.Memory.Origin, pb = &b.Memory.Origin)
        {
            var layout = output.Layout;
            FlatFrame frame;
            frame.P0 = o;
            frame.P1 = First(pa, a, layout, out frame.S1);
            frame.P2 = First(pb, b, layout, out frame.S2);
            frame.S0 = 1;
            if (layout.Count < Work.FewestElements)
            {
                inner(body, &frame.P0, &frame.S0, layout.Count);
                return;
            }

            Large(inner, body, weight, &frame, 3, output, a, b, a, a);
        }
    }

    /// <summary>The same over up to four inputs.</summary>
    [SkipLocalsInit]
    private static unsafe void Flat(
        delegate*<void*, byte**, nint*, nint, void> inner, void* body, int weight, Tensor output, Tensor a, Tensor b, Tensor c, Tensor d)
    {
        fixed (byte* o = &output.Memory.Origin,
            pa = &a.Memory.Origin,
            pb = &b.Memory.Origin,
            pc = &c.Memory.Origin,
            pd = &d.Memory.Origin)
        {
            var layout = output.Layout;
            FlatFrame frame;
            frame.P0 = o;
            frame.P1 = First(pa, a, layout, out frame.S1);
            frame.P2 = First(pb, b, layout, out frame.S2);
            frame.P3 = First(pc, c, layout, out frame.S3);
            frame.P4 = First(pd, d, layout, out frame.S4);
            frame.S0 = 1;
            if (layout.Count < Work.FewestElements)
            {
                inner(body, &frame.P0, &frame.S0, layout.Count);
                return;
            }

            Large(inner, body, weight, &frame, Walk.MaxOperands, output, a, b, c, d);
        }
    }

    /// <summary>A loop that may be shared among threads, or go past the caches.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Large(
        delegate*<void*, byte**, nint*, nint, void> inner,
        void* body,
        int weight,
        FlatFrame* frame,
        int operands,
        Tensor output,
        Tensor a,
        Tensor b,
        Tensor c,
        Tensor d)
    {
        var items = stackalloc int[]
        {
            output.DType.ItemSize, a.DType.ItemSize, b.DType.ItemSize, c.DType.ItemSize, d.DType.ItemSize,
        };
        Walk.Flat(inner, body, &frame->P0, &frame->S0, items, operands, output.Layout.Count, weight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe byte* First(byte* origin, Tensor x, Layout layout, out nint step)
    {
        if (ReferenceEquals(x.Layout, layout))
        {
            step = 1;
            return origin;
        }

        step = x.Layout.Count == 1 ? 0 : 1;
        return origin + (x.Layout.Offset * x.DType.ItemSize);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void Stride(
        delegate*<void*, byte**, nint*, nint, void> inner,
        void* body,
        int inputs,
        int weight,
        Tensor output,
        Tensor a,
        Tensor b,
        Tensor c,
        Tensor d)
    {
        fixed (byte* o = &output.Storage.Origin,
            pa = &a.Storage.Origin,
            pb = &b.Storage.Origin,
            pc = &c.Storage.Origin,
            pd = &d.Storage.Origin)
        {
            ReadOnlySpan<Operand> operands =
                [OperandOf(output, o), OperandOf(a, pa), OperandOf(b, pb), OperandOf(c, pc), OperandOf(d, pd)];
            Walk.Run(inner, body, operands[..(1 + inputs)], weight);
        }
    }

    /// <summary>The pointers and strides that an inner loop reads, as two arrays side by side.</summary>
    private unsafe struct FlatFrame
    {
        public byte* P0;
        public byte* P1;
        public byte* P2;
        public byte* P3;
        public byte* P4;
        public nint S0;
        public nint S1;
        public nint S2;
        public nint S3;
        public nint S4;
    }
}

/// <summary>Finds the loop that reads a formula; none where elements have to be widened first.</summary>
internal unsafe struct LoopJob<B> : IDTypeJob
    where B : struct, IBody
{
    public delegate*<void*, byte**, nint*, nint, void> Inner;

    // What a body has no formula for has no loop in the program either: these tests are constants.
    static RareWhole IDTypeJob.Rare => RareWhole.LeftUndone;

    void IDTypeJob.Truth() => Inner = B.Elements == Elements.All ? Loop.Truth<B>() : throw DType.Bool.NotImplemented(typeof(B).Name);

    void IDTypeJob.Whole<T>() => Inner = B.Elements != Elements.Real ? Loop.Whole<B, T>() : throw DType.Of<T>().NotImplemented(typeof(B).Name);

    // What is stored in fewer bits has no loop of its own.
    void IDTypeJob.Real<S, T, C>() => Inner = typeof(S) == typeof(T) ? Loop.Real<B, T>() : null;
}
