using System.Globalization;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Gate;

/// <summary>
/// What kernels take for granted, checked before they get pointers: that operands have one dtype, and as many elements as the loop reads. That an
/// operand's elements lie inside its memory holds for every tensor, because none can be made that is not so. What fails here has slipped past an
/// operator's own checks, which have PyTorch's words; it is an exception then, and never another tensor's memory.
/// </summary>
internal static class Guard
{
    /// <summary>Checks that operands have a dtype; null is nothing to check.</summary>
    /// <exception cref="DTypeException">One has another.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DTypes(DType dtype, Tensor a, Tensor? b = null, Tensor? c = null, Tensor? d = null)
    {
        if (a.DType != dtype || (b is not null && b.DType != dtype) || (c is not null && c.DType != dtype) || (d is not null && d.DType != dtype))
        {
            ThrowIfMixed(dtype, a, b, c, d);
        }
    }

    /// <summary>Checks an operand that a kernel reads, or writes, from its first element to its last without looking at sizes or strides.</summary>
    /// <param name="x">The operand; null is nothing to check.</param>
    /// <param name="dtype">The dtype that the kernel reads.</param>
    /// <param name="count">How many elements it reads.</param>
    /// <param name="name">What the operand is, for people.</param>
    /// <exception cref="DTypeException">It has another dtype.</exception>
    /// <exception cref="ShapeException">It has another number of elements, or they have gaps.</exception>
    public static void Dense(Tensor? x, DType dtype, nint count, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is null)
        {
            return;
        }

        if (x.DType != dtype)
        {
            throw Mixed(dtype, x, null, null, null);
        }

        if (x.Layout.Count != count || !x.Layout.IsContiguous)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"expected {count} elements without gaps for '{name}', but found {x.Layout.Count}. Its shape is {Shape.Text(x.Layout.Sizes)}" +
                $"{(x.Layout.IsContiguous ? string.Empty : ", and it is not contiguous")}. A hook or a function that stands in for it has to give " +
                $"the shape that it got."));
        }
    }

    /// <summary>Checks an operand that a kernel reads by strides of its own.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="last">How far from its first element the kernel reads, in elements.</param>
    /// <exception cref="ShapeException">That is outside of its memory.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reach(Tensor x, nint last)
    {
        if (last < 0 || (x.Layout.Offset + last + 1) * x.DType.ItemSize > x.Storage.ByteLength)
        {
            throw OutOfBounds(x.Storage, x.Layout, x.DType);
        }
    }

    /// <summary>The error that elements would lie outside of memory.</summary>
    public static ShapeException OutOfBounds(Storage storage, Layout layout, DType dtype) => OutOfBounds(storage.ByteLength, layout, dtype);

    /// <summary>The error that elements would lie outside of memory of a length in bytes.</summary>
    public static ShapeException OutOfBounds(nint byteLength, Layout layout, DType dtype) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"setStorage: sizes {Shape.Text(layout.Sizes)}, strides [{Limits.Joined(", ", layout.Strides)}], storage offset {layout.Offset}, and " +
        $"itemsize {dtype.ItemSize} are out of bounds for storage of size {byteLength}"));

    /// <summary>A plain number beside elements that are computed in more bits than they are stored in has those bits too.</summary>
    private static void ThrowIfMixed(DType dtype, Tensor a, Tensor? b, Tensor? c, Tensor? d)
    {
        if (!Fits(a) || !Fits(b) || !Fits(c) || !Fits(d))
        {
            throw Mixed(dtype, a, b, c, d);
        }

        bool Fits(Tensor? x) => x is null || x.DType == dtype || (x.IsNumber && x.DType == dtype.Compute);
    }

    private static DTypeException Mixed(DType dtype, Tensor a, Tensor? b, Tensor? c, Tensor? d)
    {
        Span<Tensor?> operands = [a, b, c, d];
        var other = dtype;
        foreach (var operand in operands)
        {
            other = operand is not null && operand.DType != dtype && !(operand.IsNumber && operand.DType == dtype.Compute) ? operand.DType : other;
        }

        return new DTypeException(
            $"expected scalar type {dtype.ScalarName} but found {other.ScalarName}. All operands of this operator have one dtype: convert with " +
            $"To(DType.{dtype}).");
    }
}
