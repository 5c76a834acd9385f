using System.IO.Compression;

namespace Adjoint.Files;

/// <summary>A ZIP archive of tensors, read with suspicion: an entry gives no more than its compressed bytes can hold.</summary>
internal sealed class Archive : IDisposable
{
    /// <summary>No stream of the deflate method gives more bytes than this for each of its own (RFC 1951: 258 bytes from two bits).</summary>
    private const long MostForEach = 1032;

    private readonly ZipArchive _zip;
    private readonly string _path;
    private readonly long _length;

    private Archive(ZipArchive zip, string path, long length) => (_zip, _path, _length) = (zip, path, length);

    public IReadOnlyList<ZipArchiveEntry> Entries { get; private set; } = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="TensorFileException">It is no archive.</exception>
    public static Archive Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            var archive = new Archive(new ZipArchive(stream, ZipArchiveMode.Read), path, stream.Length);
            archive.Entries = archive._zip.Entries;
            return archive;
        }
        catch (Exception fault) when (IsFault(fault))
        {
            stream.Dispose();
            throw new TensorFileException($"{path}: this is no whole ZIP archive. {fault.Message}", fault);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Makes an entry; the same tensors give the same file at any time.</summary>
    public static Stream Create(ZipArchive archive, string name, bool compressed)
    {
        var entry = archive.CreateEntry(name, compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="read">Takes its bytes, and how many there can be.</param>
    /// <exception cref="TensorFileException">The entry is not whole.</exception>
    public void Read(ZipArchiveEntry entry, Action<Stream, long> read)
    {
        try
        {
            if (entry.CompressedLength > _length || entry.Length > (entry.CompressedLength + 1) * MostForEach || entry.IsEncrypted)
            {
                throw new TensorFileException(
                    $"{_path}: {entry.FullName} says {entry.Length} bytes, which its {entry.CompressedLength} cannot hold.");
            }

            using var stream = entry.Open();
            read(stream, entry.Length);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new TensorFileException($"{_path}: {entry.FullName} is not whole. {fault.Message}", fault);
        }
    }

    public void Dispose() => _zip.Dispose();

    // What the archive's reader throws at broken ones. An IOException of the disk is none of these.
    private static bool IsFault(Exception fault) => fault is InvalidDataException or EndOfStreamException or ArgumentException
        or NotSupportedException or OverflowException or IndexOutOfRangeException;
}
