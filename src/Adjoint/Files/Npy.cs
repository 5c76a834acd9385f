using Adjoint.Files;

namespace Adjoint;

/// <summary>Arrays in NumPy's files (<c>numpy.load</c>, <c>numpy.save</c>), one in each: <c>.npy</c>.</summary>
/// <example><code>Npy.Save("x.npy", x); var y = Npy.Load("y.npy");</code></example>
public static class Npy
{
    /// <summary>Reads an array, of any byte order and order of dimensions; the tensor is contiguous.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <exception cref="TensorFileException">The file is not whole, no file of NumPy's, or its elements are not numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor Load(string path, IProgress<double>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(handle);
        using var stream = new PartStream(handle, 0, length);
        return Read(stream, path, length, MemoryBound.Of(path, length), share => progress?.Report(share));
    }

    /// <summary>Writes a tensor, beside the old file and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">Of any dtype but bfloat16, which NumPy does not have.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="DTypeException">NumPy has no such dtype.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(string path, Tensor x, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        WholeFile.Write(path, stream => Write(stream, x, share => progress?.Report(share)));
    }

    /// <summary>Reads an array.</summary>
    /// <param name="stream">At its beginning.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="bound">How much memory the file may still ask for.</param>
    /// <param name="progress">Hears the share that is read.</param>
    internal static Tensor Read(Stream stream, string path, long length, MemoryBound bound, Action<double>? progress = null)
    {
        var header = NpyHeader.Read(stream, path, length, bound);
        long needed;
        try
        {
            needed = TensorBytes.Length(header.Sizes, header.DType);
        }
        catch (ShapeException fault)
        {
            throw new TensorFileException($"{path}: {fault.Message}", fault);
        }

        if (needed > length - header.ByteLength)
        {
            throw new TensorFileException(
                $"{path}: cannot reshape what is there into shape {Shape.Text(header.Sizes)}: that needs {needed} bytes, and " +
                $"{length - header.ByteLength} follow on the header.");
        }

        int[] sizes = header.IsFortran ? [.. header.Sizes.Reverse()] : header.Sizes;
        bound.Take(header.IsFortran ? 2 * needed : needed);
        long done = 0;
        try
        {
            var x = TensorBytes.Read(
                sizes,
                header.DType,
                piece =>
                {
                    stream.ReadExactly(piece);
                    done += piece.Length;
                    progress?.Invoke((double)done / needed);
                },
                header.IsBigEndian);
            return header.IsFortran ? x.Permute([.. Enumerable.Range(0, sizes.Length).Reverse()]).Contiguous() : x;
        }
        catch (EndOfStreamException fault)
        {
            throw new TensorFileException($"{path}: the file ends before its last element.", fault);
        }
    }

    internal static void Write(Stream stream, Tensor x, Action<double>? progress = null)
    {
        stream.Write(NpyHeader.Write(x));
        double written = 0;
        TensorBytes.Write(x, piece =>
        {
            stream.Write(piece);
            written += piece.Length;
            progress?.Invoke(written / x.DType.ItemSize / x.Count);
        });
    }
}
