using System.Runtime.CompilerServices;
using Adjoint.Kernels;
using Adjoint.Memory;

namespace Adjoint.Ops.Families;

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
        fixed (byte* source = &from.Storage.Origin, target = &to.Storage.Origin)
        {
            Walk.Run(
                Cast.Inner(from.DType, to.DType), null, [OperandOf(to, target), OperandOf(from, source)]);
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

    /// <summary>Runs a loop body over tensors of the output's dtype.</summary>
    internal static unsafe void Run<B>(B body, Tensor output, Tensor a, Tensor? b, Tensor? c, Tensor? d)
        where B : struct, IBody
    {
        var inner = output.DType switch
        {
            DType.Float32 => Loop.Real<B, float>(),
            DType.Float64 => Loop.Real<B, double>(),
            DType.Int64 => Loop.Whole<B, long>(),
            DType.Int32 => Loop.Whole<B, int>(),
            DType.UInt8 => Loop.Whole<B, byte>(),
            _ => Loop.Truth<B>(),
        };
        Lead(inner, Unsafe.AsPointer(ref body), B.Arity, output, a, b, c, d);
    }

    /// <summary>Runs an inner loop over up to four inputs.</summary>
    internal static unsafe void Lead(
        delegate*<void*, byte**, nint*, nint, void> inner,
        void* body,
        int inputs,
        Tensor output,
        Tensor a,
        Tensor? b,
        Tensor? c,
        Tensor? d)
    {
        b ??= a;
        c ??= a;
        d ??= a;
        fixed (byte* o = &output.Storage.Origin,
            pa = &a.Storage.Origin,
            pb = &b.Storage.Origin,
            pc = &c.Storage.Origin,
            pd = &d.Storage.Origin)
        {
            var layout = output.Layout;
            var p = stackalloc byte*[] { o, pa, pb, pc, pd };
            var steps = stackalloc nint[] { 1, 1, 1, 1, 1 };
            if (layout.IsDense
                && Flat(a, layout, p + 1, steps + 1)
                && Flat(b, layout, p + 2, steps + 2)
                && Flat(c, layout, p + 3, steps + 3)
                && Flat(d, layout, p + 4, steps + 4))
            {
                if (layout.Count > 0)
                {
                    inner(body, p, steps, layout.Count);
                }
            }
            else
            {
                ReadOnlySpan<Operand> operands =
                    [OperandOf(output, o), OperandOf(a, pa), OperandOf(b, pb), OperandOf(c, pc), OperandOf(d, pd)];
                Walk.Run(inner, body, operands[..(1 + inputs)]);
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
    internal static Tensor Accept(Tensor x, Elements elements, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType.IsFloatingPoint ? x : Convert(x, Accepted(x.DType, elements, name));
    }

    internal static DType Accepted(DType dtype, Elements elements, string name)
    {
        if (dtype.IsFloatingPoint)
        {
            return dtype;
        }

        if (elements == Elements.Real)
        {
            return DTypeProperties.DefaultReal;
        }

        return dtype == DType.Bool && elements == Elements.Numbers
            ? throw new DTypeException(
                $"\"{name}\" not implemented for 'Bool'. Convert the tensor first: x.To(DType.Float32) or x.To(DType.Int64).")
            : dtype;
    }

    /// <summary>Whether an operand is read in one go: densely, or one element over and over.</summary>
    /// <summary>The size of a dense tensor in bytes.</summary>
    /// <exception cref="ShapeException">It is beyond what can be addressed.</exception>
    private static nint Bytes(Layout layout, DType dtype)
    {
        return layout.Count <= nint.MaxValue / 16
            ? layout.Count * dtype.ItemSize
            : throw new ShapeException($"Storage size calculation overflowed with sizes={Shape.Text(layout.Sizes)}");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool Flat(Tensor x, Layout layout, byte** origin, nint* step) =>
        ReferenceEquals(x.Layout, layout) || FlatByValue(x, layout, origin, step);

    private static unsafe bool FlatByValue(Tensor x, Layout layout, byte** origin, nint* step)
    {
        if (x.Layout.Count == 1)
        {
            *origin += x.Layout.Offset * x.DType.ItemSize;
            *step = 0;
            return true;
        }

        return x.Layout.IsDense && x.Layout.SameSizes(layout);
    }
}
