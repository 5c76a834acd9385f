using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Memory;

namespace Adjoint.Families;

/// <content>What the families share: fresh results, copies, and conversions.</content>
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

    /// <summary>The first element of a tensor whose memory is pinned; null for one that is absent.</summary>
    internal static unsafe byte* FirstOf(byte* origin, Tensor? x) => x is null ? null : origin + (x.Layout.Offset * x.DType.ItemSize);

    internal static unsafe Operand OperandOf(Tensor x, byte* origin) => new()
    {
        Data = origin + (x.Layout.Offset * x.DType.ItemSize),
        Layout = x.Layout,
        ItemSize = x.DType.ItemSize,
    };

    /// <summary>The tensor in the dtype that its elements are computed in; itself for most.</summary>
    internal static Tensor Wide(Tensor x) => x.DType.IsNarrow ? Convert(x, x.DType.Compute) : x;

    /// <summary>The same with the strides that it has, whatever they are.</summary>
    internal static Tensor WideAsLaid(Tensor x)
    {
        var (sizes, strides, first) = (x.Layout.Sizes, x.Layout.Strides, x.Layout.Offset);
        var all = x.View(new Layout([checked((int)Math.Max(0, x.Layout.Extent - first))], [1], first));
        return new Tensor(Wide(all).Storage, new Layout(sizes, strides, 0), x.DType.Compute);
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
}
