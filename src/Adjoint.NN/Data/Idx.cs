using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Adjoint.NN;

/// <summary>
/// Tensors in IDX files, the form of MNIST and its relatives (LeCun, Cortes and Burges, "The MNIST database of handwritten digits"): two zero bytes,
/// a byte for the type, a byte for the number of dimensions, the sizes as big-endian numbers of 32 bits, and the elements, big-endian.
/// </summary>
/// <example><code>var images = Idx.Load("train-images-idx3-ubyte.gz").To(DType.Float32) / 255;</code></example>
public static class Idx
{
    private const int MostDimensions = 64;
    private const int Piece = 1 << 20;

    /// <summary>Reads a file; one that ends in <c>.gz</c> is unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Of dtype uint8, int8, int16, int32, float32 or float64, as the file has it.</returns>
    /// <exception cref="TensorFileException">It is no IDX file, or not whole.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return Read(file, path);
        }

        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return Read(unpacked, path);
    }

    /// <summary>Reads from a stream, which has to end behind the last element.</summary>
    /// <param name="stream">At the beginning of the file.</param>
    /// <returns>As <see cref="Load"/> does.</returns>
    /// <exception cref="TensorFileException">It is no IDX file, or not whole.</exception>
    public static Tensor Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "the stream");
    }

    private static Tensor Read(Stream stream, string name)
    {
        try
        {
            Span<byte> head = stackalloc byte[4];
            stream.ReadExactly(head);
            if (head[0] != 0 || head[1] != 0)
            {
                throw new TensorFileException($"{name} is no IDX file: it does not begin with two zero bytes.");
            }

            var width = WidthOf(head[2], name);
            var sizes = Sizes(stream, head[3], name);
            var count = sizes.Aggregate(1L, (product, size) => checked(product * size));
            return Elements(Bytes(stream, checked(count * width), name), head[2], width).Reshape(sizes);
        }
        catch (EndOfStreamException fault)
        {
            throw new TensorFileException($"{name}: the file ends inside its header.", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new TensorFileException($"{name}: what is packed is not whole: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is OverflowException or ShapeException)
        {
            throw new TensorFileException($"{name}: its sizes are too large.", fault);
        }
    }

    private static int WidthOf(byte code, string name) => code switch
    {
        0x08 or 0x09 => 1,
        0x0B => 2,
        0x0C or 0x0D => 4,
        0x0E => 8,
        _ => throw new TensorFileException($"{name}: the type 0x{code:X2} is none of an IDX file."),
    };

    private static int[] Sizes(Stream stream, int rank, string name)
    {
        if (rank > MostDimensions)
        {
            throw new TensorFileException($"{name}: {rank} dimensions are more than the {MostDimensions} that a tensor can have.");
        }

        Span<byte> bytes = stackalloc byte[4];
        var sizes = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            stream.ReadExactly(bytes);
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (sizes[i] < 0)
            {
                throw new TensorFileException($"{name}: the size of dimension {i} is negative.");
            }
        }

        return sizes;
    }

    /// <summary>The rest of the file. No more memory is asked for than twice what has been read, whatever the header says.</summary>
    private static byte[] Bytes(Stream stream, long length, string name)
    {
        if (length > Array.MaxLength)
        {
            throw new TensorFileException($"{name}: {length} bytes of elements are more than the {Array.MaxLength} that can be read at once.");
        }

        if (stream.CanSeek && stream.Length - stream.Position != length)
        {
            throw new TensorFileException(
                $"{name}: its sizes need {length} bytes of elements, and the file has {stream.Length - stream.Position}.");
        }

        var bytes = new byte[stream.CanSeek ? length : Math.Min(length, Piece)];
        var filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
            if (filled < bytes.Length)
            {
                throw new TensorFileException($"{name}: its sizes need {length} bytes of elements, and the file has {filled}.");
            }

            if (filled == length)
            {
                return stream.ReadByte() < 0 ? bytes : throw new TensorFileException($"{name}: there is more behind the last element.");
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * filled));
        }
    }

    private static Tensor Elements(byte[] bytes, byte code, int width)
    {
        if (BitConverter.IsLittleEndian && width > 1)
        {
            for (var i = 0; i < bytes.Length; i += width)
            {
                bytes.AsSpan(i, width).Reverse();
            }
        }

        return code switch
        {
            0x08 => Tensor.FromArray(bytes),
            0x09 => Of<sbyte>(bytes),
            0x0B => Of<short>(bytes),
            0x0C => Of<int>(bytes),
            0x0D => Of<float>(bytes),
            _ => Of<double>(bytes),
        };

        static Tensor Of<T>(byte[] bytes)
            where T : unmanaged => Tensor.FromSpan<T>(MemoryMarshal.Cast<byte, T>(bytes));
    }
}
