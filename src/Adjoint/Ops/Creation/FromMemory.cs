using Adjoint.Gate;
using Adjoint.Memory;

namespace Adjoint;

/// <content>Tensors over memory of .NET's, and spans over that of tensors.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A tensor over memory of .NET's, which is not copied (<c>torch.from_numpy</c>): what is written to one is seen in the other. The memory stays
    /// where it is, and reachable, as long as a tensor is over it. Writing to it by hand is not seen by version counters: do not, while a backward
    /// pass may still need the tensor.
    /// </summary>
    /// <typeparam name="T">bool, byte, int, long, float or double, or another type that has a dtype.</typeparam>
    /// <param name="memory">The elements in row-major order; an array converts by itself.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="DTypeException">There is no dtype for <typeparamref name="T"/>.</exception>
    /// <exception cref="ShapeException">The number of elements does not fit the shape.</exception>
    /// <example><code>var image = new float[28 * 28]; var x = Tensor.FromMemory&lt;float&gt;(image, 28, 28);</code></example>
    public static Tensor FromMemory<T>(Memory<T> memory, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var dtype = DType.Of<T>();
        var layout = Layout.Dense(shape);
        if (layout.Count != memory.Length)
        {
            throw new ShapeException(
                $"shape '{Shape.Text(shape)}' is invalid for input of size {memory.Length}. A slice of the memory, memory[..{layout.Count}], has " +
                "fewer elements.");
        }

        return memory.IsEmpty ? Families.Op.Fresh(layout, dtype) : new Tensor(Storage.Over(memory), layout, dtype);
    }

    /// <summary>
    /// The elements of a contiguous tensor, not copied and to be read only: writing would pass by the version counters that keep gradients right. The
    /// span stays valid however long it is used; what is changed in place later is seen in it. From 16 KB on, the first call moves the memory once to
    /// where the garbage collector sees the span.
    /// </summary>
    /// <typeparam name="T">The type of the elements: <c>float</c> for float32.</typeparam>
    /// <exception cref="DTypeException">The elements are of another type.</exception>
    /// <exception cref="ShapeException">The tensor is not contiguous, or has more elements than a span.</exception>
    /// <exception cref="AutogradException">The tensor requires grad; use <c>Detach()</c> first.</exception>
    /// <exception cref="TensorException">It stands for a value inside of a transform.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        ThrowIfRecorded("AsSpan");
        if (DType.Of<T>() != DType)
        {
            throw new DTypeException(
                $"expected scalar type {DType.Of<T>().ScalarName} but found {DType.ScalarName}. A span shows the elements as they are: convert the " +
                $"tensor first, x.To(DType.{DType.Of<T>()}).");
        }

        if (!IsContiguous || Layout.Count > int.MaxValue)
        {
            throw new ShapeException(
                $"AsSpan: the tensor of shape {Shape.Text(Layout.Sizes)} does not lie in one piece, or is too large for a span. Use " +
                "x.Contiguous().AsSpan<T>(), or CopyTo.");
        }

        return Layout.Count == 0 ? [] : Storage.Lend<T>(Layout.Offset, (int)Layout.Count);
    }

    /// <summary>Copies all elements in row-major order, converted as by <see cref="Item{T}()"/>.</summary>
    /// <typeparam name="T">bool, byte, int, long, float or double, or another type that has a dtype.</typeparam>
    /// <param name="destination">At least as long as the tensor has elements; what is behind them stays.</param>
    /// <exception cref="DTypeException">A value does not fit <typeparamref name="T"/>.</exception>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    /// <exception cref="AutogradException">The tensor requires grad; use <c>Detach()</c> first.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        ThrowIfRecorded("CopyTo");
        if (destination.Length < Layout.Count)
        {
            throw new ArgumentException(
                $"Destination is too short: the tensor of shape {Shape.Text(Layout.Sizes)} has {Layout.Count} elements, and the span " +
                $"{destination.Length}.",
                nameof(destination));
        }

        CopyElements(destination[..(int)Layout.Count]);
    }

    private void ThrowIfRecorded(string method)
    {
        if (Tape.Recording.IsOn && RequiresGrad)
        {
            throw new AutogradException($"Can't call numpy() on Tensor that requires grad. Use tensor.Detach().{method}<T>() instead.");
        }
    }
}
