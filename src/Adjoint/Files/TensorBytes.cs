using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Families;
using Adjoint.Memory;

namespace Adjoint.Files;

/// <summary>The elements of tensors as files have them: little endian, in row-major order, in pieces, so that tensors of any size pass.</summary>
internal static class TensorBytes
{
    private const int Piece = 1 << 20;

    /// <summary>How many bytes a tensor of sizes and dtype has.</summary>
    /// <exception cref="ShapeException">They do not fit 63 bits, or its strides do not, which an empty tensor has as well.</exception>
    public static long Length(ReadOnlySpan<int> sizes, DType dtype)
    {
        var count = Shape.Product(sizes);
        if (count == 0)
        {
            _ = Layout.Dense(sizes);
        }

        return count <= long.MaxValue / dtype.ItemSize
            ? count * dtype.ItemSize
            : throw new ShapeException($"Storage size calculation overflowed with sizes={Shape.Text(sizes)}");
    }

    /// <summary>Reads a dense tensor.</summary>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="read">Fills a span with the next bytes, all of it.</param>
    /// <param name="swap">The file is big endian.</param>
    public static Tensor Read(ReadOnlySpan<int> sizes, DType dtype, Reader read, bool swap = false)
    {
        var layout = Layout.Dense(sizes);
        return new Tensor(Storage(Length(sizes, dtype), dtype, read, swap), layout, dtype);
    }

    /// <summary>Reads memory that tensors lie in.</summary>
    public static Storage Storage(long length, DType dtype, Reader read, bool swap = false)
    {
        var storage = Adjoint.Memory.Storage.Allocate(checked((nint)length));
        for (long at = 0; at < length;)
        {
            var piece = storage.AsSpan<byte>((nint)at, (int)Math.Min(Piece, length - at));
            read(piece);
            if (swap != !BitConverter.IsLittleEndian)
            {
                Swap(piece, dtype.ItemSize);
            }

            if (dtype == DType.Bool)
            {
                Normalise(piece);
            }

            at += piece.Length;
        }

        return storage;
    }

    /// <summary>Writes the elements of a tensor.</summary>
    public static void Write(Tensor x, Writer write)
    {
        var dense = Op.Contiguous(x.Detach());
        Write(dense.Storage, (long)dense.Layout.Offset * x.DType.ItemSize, dense.Layout.Count * x.DType.ItemSize, x.DType.ItemSize, write);
        GC.KeepAlive(dense);
    }

    /// <summary>Writes a part of memory.</summary>
    public static void Write(Storage storage, long first, long length, int itemSize, Writer write)
    {
        var buffer = BitConverter.IsLittleEndian ? [] : new byte[Piece];
        for (long at = 0; at < length;)
        {
            var piece = storage.AsSpan<byte>((nint)(first + at), (int)Math.Min(Piece, length - at));
            at += piece.Length;
            if (!BitConverter.IsLittleEndian)
            {
                piece.CopyTo(buffer);
                piece = buffer.AsSpan(0, piece.Length);
                Swap(piece, itemSize);
            }

            write(piece);
        }

        GC.KeepAlive(storage);
    }

    private static void Swap(Span<byte> bytes, int itemSize)
    {
        for (var i = 0; itemSize > 1 && i < bytes.Length; i += itemSize)
        {
            bytes.Slice(i, itemSize).Reverse();
        }
    }

    /// <summary>A truth value is 0 or 1 here, whatever else a file has for true.</summary>
    private static void Normalise(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
        {
            value = value == 0 ? (byte)0 : (byte)1;
        }
    }

    /// <summary>Fills a span with the next bytes.</summary>
    public delegate void Reader(Span<byte> bytes);

    /// <summary>Takes the next bytes.</summary>
    public delegate void Writer(ReadOnlySpan<byte> bytes);
}
