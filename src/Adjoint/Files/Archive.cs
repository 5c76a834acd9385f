using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Files;

/// <summary>
/// A ZIP archive of tensors, read with suspicion (APPNOTE 6.3.9): entries lie inside of the file and apart from each other, their two headers agree,
/// and what they unpack to is bounded by the size of the file.
/// </summary>
internal sealed class Archive : IDisposable
{
    private const int HeaderLength = 30;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly long _end;

    private Archive(SafeFileHandle handle, string path, ArchiveDirectory directory, MemoryBound bound)
    {
        (_handle, _path, Bound) = (handle, path, bound);
        (Entries, _end) = (directory.Entries, directory.Begin);
    }

    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>How much memory the archive may still ask for.</summary>
    public MemoryBound Bound { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes of memory that it may ask for; null for what its size allows.</param>
    /// <exception cref="TensorFileException">It is no archive, or a broken one.</exception>
    public static Archive Open(string path, long? most = null)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            var length = RandomAccess.GetLength(handle);
            var bound = most is { } bytes ? new MemoryBound(path, bytes) : MemoryBound.Of(path, length);
            return new Archive(handle, path, ArchiveDirectory.Read(handle, length, path, bound), bound);
        }
        catch
        {
            handle.Dispose();
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
    /// <param name="read">Takes its bytes, and how many there are.</param>
    /// <param name="isSummed">Whether the checksum is compared, if all bytes are taken.</param>
    /// <exception cref="TensorFileException">The entry is not whole.</exception>
    public void Read(Entry entry, Action<Stream, long> read, bool isSummed)
    {
        try
        {
            using var packed = new PartStream(_handle, Begin(entry), entry.Packed);
            using Stream stream = entry.IsDeflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
            using var summed = new SummedStream(stream, entry.Length);
            read(isSummed ? summed : stream, entry.Length);
            if (isSummed && summed.IsAtEnd && summed.Sum != entry.Sum)
            {
                throw new TensorFileException($"{_path}: Bad CRC-32 for file '{entry.Name}': its bytes have changed since it was written.");
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            throw new TensorFileException($"{_path}: {entry.Name} is not whole. {fault.Message}", fault);
        }
    }

    /// <summary>All bytes of an entry.</summary>
    public byte[] ReadAll(Entry entry)
    {
        Bound.Take(entry.Length);
        byte[] bytes = [];
        Read(
            entry,
            (stream, length) =>
            {
                bytes = length <= System.Array.MaxLength
                    ? new byte[length]
                    : throw new TensorFileException($"{_path}: {entry.Name} has 2 GB or more.");
                stream.ReadExactly(bytes);
            },
            isSummed: false);
        return bytes;
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Where the bytes of an entry begin: behind its own header, which says the same as the directory.</summary>
    private long Begin(Entry entry)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        Fill(header, entry.Header);
        var name = new byte[BitConverter.ToUInt16(header[26..])];
        if (header.StartsWith("PK\x03\x04"u8) && entry.Header + HeaderLength + name.Length <= _end)
        {
            Fill(name, entry.Header + HeaderLength);
            var begin = entry.Header + HeaderLength + name.Length + BitConverter.ToUInt16(header[28..]);
            if (name.AsSpan().SequenceEqual(entry.NameBytes) && BitConverter.ToUInt16(header[8..]) == (entry.IsDeflated ? 8 : 0)
                && begin <= _end - entry.Packed)
            {
                return begin;
            }
        }

        throw new TensorFileException($"{_path}: the entry at byte {entry.Header} is not the '{entry.Name}' that the directory names.");
    }

    private void Fill(Span<byte> bytes, long at)
    {
        while (bytes.Length > 0)
        {
            var count = RandomAccess.Read(_handle, bytes, at);
            at += count > 0 ? count : throw new TensorFileException($"{_path}: the archive ends too early.");
            bytes = bytes[count..];
        }
    }

    /// <summary>An entry.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="NameBytes">The same as it stands in the file.</param>
    /// <param name="IsDeflated">Whether its bytes are compressed.</param>
    /// <param name="Sum">The checksum of what it unpacks to.</param>
    /// <param name="Packed">Its bytes in the file.</param>
    /// <param name="Length">What they unpack to.</param>
    /// <param name="Header">Where its header is.</param>
    internal sealed record Entry(string Name, byte[] NameBytes, bool IsDeflated, uint Sum, long Packed, long Length, long Header);

    /// <summary>At most so many bytes of a stream, summed as they pass.</summary>
    private sealed class SummedStream(Stream inner, long left) : Stream
    {
        public uint Sum { get; private set; }

        public bool IsAtEnd => left == 0;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
            Sum = Crc32.Append(Sum, buffer[..count]);
            left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
