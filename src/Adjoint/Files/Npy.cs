using Adjoint.Files;

namespace Adjoint;

/// <summary>Arrays in NumPy's files (<c>numpy.load</c>, <c>numpy.save</c>), one in each: <c>.npy</c>.</summary>
/// <example><code>Npy.Save("x.npy", x); var y = Npy.Load("y.npy");</code></example>
public static class Npy
{
    /// <summary>Reads an array, of any byte order and order of dimensions; the tensor is contiguous.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TensorFileException">The file is not whole, no file of NumPy's, or its elements are not numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return Read(stream, path, stream.Length);
    }

    /// <summary>Writes a tensor, beside the old file and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">Of any dtype but bfloat16, which NumPy does not have.</param>
    /// <exception cref="DTypeException">NumPy has no such dtype.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(string path, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        WholeFile.Write(path, stream => Write(stream, x));
    }

    /// <summary>Reads an array.</summary>
    /// <param name="stream">At its beginning.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="length">The most bytes that can follow: no more is asked of the memory.</param>
    internal static Tensor Read(Stream stream, string path, long length)
    {
        var header = NpyHeader.Read(stream, path);
        long needed;
        try
        {
            needed = TensorBytes.Length(header.Sizes, header.DType);
        }
        catch (ShapeException fault)
        {
            throw new TensorFileException($"{path}: {fault.Message}", fault);
        }

        if (needed > length)
        {
            throw new TensorFileException(
                $"{path}: cannot reshape what is there into shape {Shape.Text(header.Sizes)}: that needs {needed} bytes, and the file has " +
                $"at most {length}.");
        }

        int[] sizes = header.IsFortran ? [.. header.Sizes.Reverse()] : header.Sizes;
        try
        {
            var x = TensorBytes.Read(sizes, header.DType, stream.ReadExactly, header.IsBigEndian);
            return header.IsFortran ? x.Permute([.. Enumerable.Range(0, sizes.Length).Reverse()]).Contiguous() : x;
        }
        catch (EndOfStreamException fault)
        {
            throw new TensorFileException($"{path}: the file ends before its last element.", fault);
        }
    }

    internal static void Write(Stream stream, Tensor x)
    {
        stream.Write(NpyHeader.Write(x));
        TensorBytes.Write(x, piece => stream.Write(piece.Span));
    }
}
