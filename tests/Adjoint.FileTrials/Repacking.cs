using System.Buffers.Binary;
using System.IO.Compression;

namespace Adjoint.FileTrials;

/// <summary>
/// Breaks what lies inside of a container and puts it together again: what a reader finds then is broken further in than what checks of the container
/// refuse.
/// </summary>
internal static class Repacking
{
    /// <summary>One entry of an archive is broken.</summary>
    public static byte[]? Zip(byte[] whole, Random dice, Action<List<byte>> damage)
    {
        List<(string Name, List<byte> Bytes)> entries = [];
        try
        {
            using var archive = new ZipArchive(new MemoryStream(whole), ZipArchiveMode.Read);
            foreach (var entry in archive.Entries)
            {
                using var stream = entry.Open();
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                entries.Add((entry.FullName, [.. bytes.ToArray()]));
            }
        }
        catch (InvalidDataException)
        {
            // A seed that is broken on purpose.
            return null;
        }

        if (entries.Count == 0)
        {
            return null;
        }

        var pickle = entries.FindIndex(entry => entry.Name.EndsWith("data.pkl", StringComparison.Ordinal));
        damage(entries[pickle >= 0 && dice.Next(4) > 0 ? pickle : dice.Next(entries.Count)].Bytes);
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name, dice.Next(8) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                stream.Write(bytes.ToArray());
            }
        }

        return packed.ToArray();
    }

    /// <summary>The header of a safetensors file is broken, and its length is right.</summary>
    public static byte[]? Header(byte[] whole, Random dice, Action<List<byte>> damage)
    {
        var length = whole.Length < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64LittleEndian(whole);
        if (length <= 0 || length > whole.Length - sizeof(long))
        {
            return null;
        }

        var header = whole.AsSpan(sizeof(long), (int)length).ToArray().ToList();
        damage(header);
        var size = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(size, header.Count);
        return [.. size, .. header, .. whole.AsSpan(sizeof(long) + (int)length)];
    }
}
