using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Families;

namespace Adjoint;

/// <content>Tensors from arrays, spans and sequences of .NET numbers, which are copied.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor of one dimension with a copy of the elements of a span; its dtype is that of <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">bool, byte, int, long, float or double.</typeparam>
    /// <param name="data">The elements.</param>
    /// <exception cref="DTypeException">There is no dtype for <typeparamref name="T"/>.</exception>
    public static Tensor FromSpan<T>(ReadOnlySpan<T> data)
        where T : unmanaged => FromSpan(data, [data.Length]);

    /// <summary>A tensor with a copy of the elements of a span; its dtype is that of <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">bool, byte, int, long, float or double.</typeparam>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="shape">The sizes; an empty list, <c>[]</c>, makes a scalar of one element.</param>
    /// <exception cref="DTypeException">There is no dtype for <typeparamref name="T"/>.</exception>
    /// <exception cref="ShapeException">The number of elements does not fit the shape.</exception>
    public static Tensor FromSpan<T>(ReadOnlySpan<T> data, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var layout = Layout.Dense(shape);
        if (layout.Count != data.Length)
        {
            throw new ShapeException($"shape '{Shape.Text(shape)}' is invalid for input of size {data.Length}. " +
                $"The sizes multiply to {layout.Count}, which must be the number of elements.");
        }

        var result = Op.Fresh(layout, DType.Of<T>());
        data.CopyTo(result.Storage.AsSpan<T>(0, data.Length));
        return result;
    }

    /// <summary>A tensor of one dimension with a copy of an array; see <see cref="FromSpan{T}(ReadOnlySpan{T})"/>.</summary>
    public static Tensor FromArray<T>(T[] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        return FromSpan<T>(data);
    }

    /// <summary>A tensor with a copy of an array; see <see cref="FromSpan{T}(ReadOnlySpan{T}, ReadOnlySpan{int})"/>.</summary>
    /// <example><code>var m = Tensor.FromArray([1f, 2, 3, 4], 2, 2); var s = Tensor.FromArray([1f], []);   // of rank 2 and 0</code></example>
    public static Tensor FromArray<T>(T[] data, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        return FromSpan<T>(data, shape);
    }

    /// <summary>A matrix with a copy of a two-dimensional array.</summary>
    public static Tensor FromArray<T>(T[,] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var span = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(data)), data.Length);
        return FromSpan(span, data.GetLength(0), data.GetLength(1));
    }

    /// <summary>A tensor of three dimensions with a copy of a three-dimensional array.</summary>
    public static Tensor FromArray<T>(T[,,] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var span = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(data)), data.Length);
        return FromSpan(span, data.GetLength(0), data.GetLength(1), data.GetLength(2));
    }

    /// <summary>A matrix with a copy of an array of rows.</summary>
    /// <exception cref="ShapeException">The rows have different lengths.</exception>
    public static Tensor FromArray<T>(T[][] data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        var columns = data is [{ } first, ..] ? first.Length : 0;
        var result = Op.Fresh(Layout.Dense([data.Length, columns]), DType.Of<T>());
        for (var i = 0; i < data.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(data[i], $"data[{i}]");
            if (data[i].Length != columns)
            {
                throw new ShapeException(
                    $"expected sequence of length {columns} at dim 1 (got {data[i].Length}). Row {i} is not as long as row 0; fill the rows up " +
                    "first.");
            }

            data[i].CopyTo(result.Storage.AsSpan<T>((nint)i * columns, columns));
        }

        return result;
    }

    /// <summary>A tensor of one dimension with the elements of a list or another sequence.</summary>
    /// <typeparam name="T">bool, byte, int, long, float or double, or another type that has a dtype.</typeparam>
    /// <exception cref="DTypeException">There is no dtype for <typeparamref name="T"/>.</exception>
    public static Tensor FromEnumerable<T>(IEnumerable<T> data)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        return data is List<T> list ? FromSpan<T>(CollectionsMarshal.AsSpan(list)) : FromSpan<T>(data as T[] ?? [.. data]);
    }

    /// <summary>A scalar tensor that takes part in promotion like any other (<c>torch.tensor(3.0)</c>).</summary>
    /// <example><code>var a = Tensor.Scalar(3f);  // tensor(3.)</code></example>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged
    {
        var result = Op.Fresh(Layout.Scalar, DType.Of<T>());
        Unsafe.As<byte, T>(ref result.Storage.Origin) = value;
        return result;
    }
}
