using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Files;

/// <summary>The directory at the end of a ZIP archive, with 32 bits or 64 (APPNOTE 4.3.12 to 4.3.16), read as a whole before any entry is.</summary>
internal sealed class ArchiveDirectory
{
    private const int EndLength = 22, LocatorLength = 20, End64Length = 56, EntryLength = 46, HeaderLength = 30;

    /// <summary>No stream of the deflate method gives more bytes than this for each of its own (RFC 1951: 258 bytes from two bits).</summary>
    private const long MostForEach = 1032;

    /// <summary>What an entry costs beside its name.</summary>
    private const int EntryCost = 160;

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private ArchiveDirectory(SafeFileHandle handle, string path) => (_handle, _path) = (handle, path);

    public List<Archive.Entry> Entries { get; } = [];

    /// <summary>Where the directory begins; entries lie before it.</summary>
    public long Begin { get; private set; }

    /// <summary>Reads the directory of a file.</summary>
    /// <exception cref="TensorFileException">There is none, or it contradicts itself or the file.</exception>
    public static ArchiveDirectory Read(SafeFileHandle handle, long fileLength, string path, MemoryBound bound)
    {
        var directory = new ArchiveDirectory(handle, path);
        var (count, size) = directory.FindEnd(fileLength);
        bound.Take(size);
        var bytes = new byte[size <= Array.MaxLength ? size : throw directory.Wrong("its directory has 2 GB or more")];
        directory.Fill(bytes, directory.Begin);
        directory.ReadEntries(bytes, count, bound);
        directory.CheckPlaces();
        return directory;
    }

    /// <summary>Finds the last record of the file, behind which there is only its comment.</summary>
    private (long Count, long Size) FindEnd(long fileLength)
    {
        var tail = new byte[Math.Min(fileLength, EndLength)];
        Fill(tail, fileLength - tail.Length);
        if (!IsEnd(tail, 0))
        {
            tail = new byte[Math.Min(fileLength, EndLength + ushort.MaxValue)];
            Fill(tail, fileLength - tail.Length);
        }

        var at = tail.Length - EndLength;
        while (at >= 0 && !IsEnd(tail, at))
        {
            at--;
        }

        if (at < 0)
        {
            throw Wrong("this is no whole ZIP archive: it has no end of central directory record");
        }

        var record = tail.AsSpan(at);
        var end = fileLength - tail.Length + at;
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        Begin = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        var isOne = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == 0 && BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) == count;
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (end >= LocatorLength && Fill(locator, end - LocatorLength).StartsWith("PK\x06\x07"u8))
        {
            var place = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
            Span<byte> wide = stackalloc byte[End64Length];
            if (place < 0 || place > end - LocatorLength - End64Length || !Fill(wide, place).StartsWith("PK\x06\x06"u8))
            {
                throw Wrong("its directory of 64 bits is not where it should be");
            }

            count = BinaryPrimitives.ReadInt64LittleEndian(wide[32..]);
            size = BinaryPrimitives.ReadInt64LittleEndian(wide[40..]);
            Begin = BinaryPrimitives.ReadInt64LittleEndian(wide[48..]);
            isOne = BinaryPrimitives.ReadInt64LittleEndian(wide[16..]) == 0 && BinaryPrimitives.ReadInt64LittleEndian(wide[24..]) == count;
            end = place;
        }

        return isOne && Begin >= 0 && size >= 0 && Begin <= end - size && count >= 0 && count <= size / EntryLength
            ? (count, size)
            : throw Wrong("its directory is not inside of the file, or lies in several");
    }

    private static bool IsEnd(ReadOnlySpan<byte> tail, int at) =>
        tail.Length - at >= EndLength && tail[at..].StartsWith("PK\x05\x06"u8)
        && BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length - at - EndLength;

    private void ReadEntries(ReadOnlySpan<byte> bytes, long count, MemoryBound bound)
    {
        for (; count > 0; count--)
        {
            if (bytes.Length < EntryLength || !bytes.StartsWith("PK\x01\x02"u8))
            {
                throw Wrong("its directory is broken");
            }

            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
            var whole = EntryLength + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
            if (whole > bytes.Length)
            {
                throw Wrong("its directory is broken");
            }

            bound.Take(EntryCost + (3 * nameLength));
            Entries.Add(ReadEntry(bytes, bytes.Slice(EntryLength, nameLength), bytes.Slice(EntryLength + nameLength, extraLength)));
            bytes = bytes[whole..];
        }

        if (bytes.Length > 0)
        {
            throw Wrong("its directory has more entries than it says");
        }
    }

    private Archive.Entry ReadEntry(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> nameBytes, ReadOnlySpan<byte> extra)
    {
        var name = Encoding.UTF8.GetString(nameBytes);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        if ((bytes[8] & 1) != 0 || method is not (0 or 8))
        {
            throw Wrong($"'{name}' is encrypted, or compressed in a way that is not read");
        }

        long packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        long header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[42..]);
        var wide = Wide(extra);
        var isWhole = TakeWide(ref length, ref wide) & TakeWide(ref packed, ref wide) & TakeWide(ref header, ref wide);
        return isWhole && (method == 8 ? length / MostForEach <= packed : packed == length)
            ? new(name, nameBytes.ToArray(), method == 8, BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), packed, length, header)
            : throw Wrong($"'{name}' has sizes that contradict each other");
    }

    /// <summary>The numbers of 64 bits among the further fields of an entry.</summary>
    private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                return extra.Slice(4, size);
            }

            extra = extra[(4 + size)..];
        }

        return [];
    }

    /// <summary>A number that does not fit 32 bits has all of them set, and stands among those of 64.</summary>
    private static bool TakeWide(ref long number, ref ReadOnlySpan<byte> wide)
    {
        if (number != uint.MaxValue)
        {
            return true;
        }

        if (wide.Length < sizeof(long))
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[sizeof(long)..];
        return number >= 0;
    }

    /// <summary>Entries that overlap would let a few bytes unpack to many tensors.</summary>
    private void CheckPlaces()
    {
        long end = 0;
        foreach (var entry in Entries.OrderBy(entry => entry.Header))
        {
            if (entry.Header < end || entry.Header > Begin - HeaderLength - entry.NameBytes.Length
                || entry.Packed > Begin - HeaderLength - entry.NameBytes.Length - entry.Header)
            {
                throw Wrong($"'{entry.Name}' overlaps another entry, or lies outside of the file");
            }

            end = entry.Header + HeaderLength + entry.NameBytes.Length + entry.Packed;
        }
    }

    private Span<byte> Fill(Span<byte> bytes, long at)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            var count = RandomAccess.Read(_handle, rest, at);
            at += count > 0 ? count : throw Wrong("it ends too early");
            rest = rest[count..];
        }

        return bytes;
    }

    private TensorFileException Wrong(string what) => new($"{_path}: {what}.");
}
