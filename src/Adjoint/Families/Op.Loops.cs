using System.Runtime.CompilerServices;
using Adjoint.Gate;
using Adjoint.Kernels;

namespace Adjoint.Families;

/// <content>The way from tensors to the inner loop that reads a formula.</content>
public static partial class Op
{
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
