using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Adjoint;

/// <content>Tensors as .NET numbers: conversions, formats, arrays of two dimensions.</content>
public sealed partial class Tensor : IFormattable
{
    /// <summary>The value of a tensor with one element; see <see cref="Item{T}()"/>.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public static explicit operator double(Tensor x) => Only(x).Item<double>();

    /// <summary>The value of a tensor with one element, rounded; see <see cref="Item{T}()"/>.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public static explicit operator float(Tensor x) => Only(x).Item<float>();

    /// <summary>The value of a tensor with one element, its fraction cut off; see <see cref="Item{T}()"/>.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    /// <exception cref="DTypeException">The value does not fit.</exception>
    public static explicit operator int(Tensor x) => Only(x).Item<int>();

    /// <summary>The value of a tensor with one element, its fraction cut off; see <see cref="Item{T}()"/>.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    /// <exception cref="DTypeException">The value does not fit.</exception>
    public static explicit operator long(Tensor x) => Only(x).Item<long>();

    /// <summary>Whether the element of a tensor with one is not zero.</summary>
    /// <exception cref="TensorException">It does not have exactly one element.</exception>
    public static explicit operator bool(Tensor x) => Only(x).IsTrue();

    /// <summary>
    /// The elements by a format of .NET's, so that <c>$"{loss:F3}"</c> is a number: alone for a tensor without dimensions, in brackets for others.
    /// Without a format the text is that of <see cref="ToString()"/>.
    /// </summary>
    /// <param name="format">A numeric format, such as <c>F3</c> or <c>0.00</c>; null or <c>G</c> for PyTorch's text.</param>
    /// <param name="formatProvider">The culture; null for that of the thread.</param>
    /// <exception cref="FormatException">.NET does not know the format.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider = null)
    {
        if (string.IsNullOrEmpty(format) || format is "G" or "g" || Tracer is not null)
        {
            return ToString();
        }

        var text = new StringBuilder();
        Append(text, new ElementReader(this), new int[Rank], 0, format, formatProvider ?? CultureInfo.CurrentCulture);
        return text.ToString();
    }

    /// <summary>A copy of the elements of a matrix, converted as by <see cref="Item{T}()"/>.</summary>
    /// <typeparam name="T">bool, byte, int, long, float or double, or another type that has a dtype.</typeparam>
    /// <exception cref="ShapeException">The tensor does not have two dimensions.</exception>
    /// <exception cref="DTypeException">A value does not fit <typeparamref name="T"/>.</exception>
    /// <exception cref="AutogradException">The tensor requires grad; use <c>Detach()</c> first.</exception>
    public T[,] ToArray2D<T>()
        where T : unmanaged
    {
        if (Rank != 2)
        {
            throw new ShapeException($"ToArray2D expects a matrix, but the tensor has shape {Shape.Text(Layout.Sizes)}. Use Reshape, or ToArray.");
        }

        var result = new T[Layout.Sizes[0], Layout.Sizes[1]];
        CopyTo(MemoryMarshal.CreateSpan(
            ref Unsafe.As<byte, T>(
                ref MemoryMarshal.GetArrayDataReference(result)),
            result.Length));
        return result;
    }

    private static void Append(StringBuilder text, ElementReader reader, int[] index, int dim, string format, IFormatProvider provider)
    {
        if (dim == index.Length)
        {
            text.Append(
                reader.DType.IsFloatingPoint ? reader.ReadDouble(index).ToString(format, provider)
                : reader.DType == DType.Bool ? (reader.ReadInt64(index) != 0).ToString(provider)
                : reader.DType == DType.UInt64 ? ((ulong)reader.ReadInt64(index)).ToString(format, provider)
                : reader.ReadInt64(index).ToString(format, provider));
            return;
        }

        text.Append('[');
        for (index[dim] = 0; index[dim] < reader.Shape[dim]; index[dim]++)
        {
            text.Append(index[dim] > 0 ? ", " : string.Empty);
            Append(text, reader, index, dim + 1, format, provider);
        }

        text.Append(']');
    }

    private static Tensor Only(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x;
    }
}
