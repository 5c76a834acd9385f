using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Printing;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>A tensor's elements one by one: for printing, and out to .NET numbers and arrays.</summary>
internal readonly struct ElementReader(Tensor tensor) : IElements
{
    public DType DType => tensor.DType;

    public ReadOnlySpan<int> Shape => tensor.Layout.Sizes;

    public double ReadDouble(ReadOnlySpan<int> index)
    {
        var job = new Element { X = tensor, Position = Position(index) };
        tensor.DType.Visit(ref job);
        return job.IsReal ? job.Value : job.Count;
    }

    public long ReadInt64(ReadOnlySpan<int> index)
    {
        var job = new Element { X = tensor, Position = Position(index) };
        tensor.DType.Visit(ref job);
        return job.IsReal ? (long)job.Value : job.Count;
    }

    private nint Position(ReadOnlySpan<int> index)
    {
        var position = tensor.Layout.Offset;
        for (var d = 0; d < index.Length; d++)
        {
            position += index[d] * tensor.Layout.Strides[d];
        }

        return position;
    }

    /// <summary>Reads an element.</summary>
    private struct Element : IDTypeJob
    {
        public Tensor X;
        public nint Position;
        public bool IsReal;
        public double Value;
        public long Count;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        void IDTypeJob.Truth() => Count = Read<byte>();

        void IDTypeJob.Whole<T>() => Count = long.CreateTruncating(Read<T>());

        void IDTypeJob.Real<S, T, C>()
        {
            IsReal = true;
            Value = double.CreateTruncating(C.Widen(Read<S>()));
        }

        private readonly T Read<T>()
            where T : unmanaged
        {
            var value = Unsafe.Add(ref Unsafe.As<byte, T>(ref X.Storage.Origin), Position);
            GC.KeepAlive(X);
            return value;
        }
    }
}

/// <content>Elements as .NET values.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor of one element is true when it is not zero, so that it can stand in <c>if</c> and <c>while</c>.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public static bool operator true(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.IsTrue();
    }

    /// <summary>A tensor of one element is false when it is zero.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public static bool operator false(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return !x.IsTrue();
    }

    /// <summary>
    /// The value of a tensor with one element, converted to a .NET number. A whole number cuts a fraction off; a value that the type does not
    /// hold is refused, but for negative whole numbers down to -255, which wrap around to a byte, as in PyTorch.
    /// </summary>
    /// <typeparam name="T">bool, byte, int, long, float or double.</typeparam>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    /// <exception cref="DTypeException">The value does not fit <typeparamref name="T"/>.</exception>
    public T Item<T>()
        where T : unmanaged
    {
        if (Layout.Count != 1)
        {
            throw new TensorException(
                $"a Tensor with {Layout.Count} elements cannot be converted to Scalar. Its shape is " +
                $"{Shape.Text(Layout.Sizes)}: index it down to one element, reduce it, or use ToArray<T>().");
        }

        var read = Tracer is null ? this : Traced.Read(this, DType.Of<T>());
        var dtype = DType.Of<T>();
        NumberRange.ThrowIfBeyond(read, dtype);
        var one = Op.Contiguous(Op.Convert(read, dtype));
        var value = Unsafe.Add(ref Unsafe.As<byte, T>(ref one.Storage.Origin), one.Layout.Offset);
        GC.KeepAlive(one);
        return value;
    }

    /// <summary>The value of a tensor with one element, as a double.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public double Item() => Item<double>();

    /// <summary>A copy of all elements in row-major order, converted to a .NET number as by <see cref="Item{T}()"/>.</summary>
    /// <exception cref="DTypeException">A value does not fit <typeparamref name="T"/>.</exception>
    /// <exception cref="AutogradException">The tensor requires grad; use <c>Detach()</c> first.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        ThrowIfRecorded("ToArray");
        if (Layout.Count > Array.MaxLength)
        {
            throw new ShapeException(string.Create(
                CultureInfo.InvariantCulture,
                $"an array has at most {Array.MaxLength} elements, and this tensor has {Layout.Count}. Its shape is " +
                $"{Shape.Text(Layout.Sizes)}: read it in parts, such as x[..1000].ToArray<float>()."));
        }

        var result = GC.AllocateUninitializedArray<T>((int)Layout.Count);
        CopyElements<T>(result);
        return result;
    }

    private void CopyElements<T>(Span<T> result)
        where T : unmanaged
    {
        var read = Tracer is null ? this : Traced.Read(this, DType.Of<T>());
        var dtype = DType.Of<T>();
        if (read.DType != dtype)
        {
            read = Op.Contiguous(read);
            NumberRange.ThrowIfAnyBeyond(read, dtype);
        }

        var source = Op.Contiguous(Op.Convert(read, dtype));
        if (result.Length > 0)
        {
            MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.Add(ref Unsafe.As<byte, T>(ref source.Storage.Origin), source.Layout.Offset), result.Length).CopyTo(result);
        }

        GC.KeepAlive(source);
    }

    internal bool IsTrue()
    {
        return Layout.Count == 1
            ? Item<bool>()
            : throw new TensorException(
                (Layout.Count == 0
                    ? "Boolean value of Tensor with no values is ambiguous."
                    : "Boolean value of Tensor with more than one value is ambiguous.") +
                $" Its shape is {Shape.Text(Layout.Sizes)}; reduce it first, for example with .All() or .Any().");
    }
}
