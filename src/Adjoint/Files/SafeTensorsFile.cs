using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Adjoint.Files;
using Microsoft.Win32.SafeHandles;

namespace Adjoint;

/// <summary>A safetensors file, or several that an index names, whose tensors are read when they are asked for.</summary>
public sealed class SafeTensorsFile : IDisposable
{
    private const int MostHeader = 100_000_000;

    private readonly OrderedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<Part> _parts = [];

    internal SafeTensorsFile(string path, bool mapped)
    {
        try
        {
            if (path.EndsWith(".index.json", StringComparison.Ordinal))
            {
                OpenParts(path, mapped);
            }
            else
            {
                ReadHeader(path, mapped);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The names, in the order in which the tensors lie in the file.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Keys];

    /// <summary>The texts of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Bytes of all elements.</summary>
    internal long TotalBytes => _entries.Values.Sum(entry => entry.Length);

    /// <summary>Reads a tensor; each time anew.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Tensor this[string name]
    {
        get
        {
            var entry = Find(name);
            ObjectDisposedException.ThrowIf(entry.Part.Handle.IsClosed, this);
            if (entry.Length == 0)
            {
                return Tensor.Empty(entry.Sizes, entry.DType);
            }

            if (entry.Part.Map is { } map && entry.Begin % entry.DType.ItemSize == 0 && BitConverter.IsLittleEndian && entry.DType != DType.Bool)
            {
                return new Tensor(map.Over(entry.Begin, (nint)entry.Length), Layout.Dense(entry.Sizes), entry.DType);
            }

            var at = entry.Begin;
            return TensorBytes.Read(entry.Sizes, entry.DType, bytes =>
            {
                while (bytes.Length > 0)
                {
                    var count = RandomAccess.Read(entry.Part.Handle, bytes, at);
                    if (count == 0)
                    {
                        throw new TensorFileException($"{entry.Part.Path}: the file has become shorter since it was opened.");
                    }

                    bytes = bytes[count..];
                    at += count;
                }
            });
        }
    }

    /// <summary>The shape and dtype of a tensor; nothing is read.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public TensorType TypeOf(string name) => new(Shape.Create(Find(name).Sizes), Find(name).DType);

    /// <summary>Whether there is a tensor of a name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Closes the file. Tensors that were read stay, mapped ones too.</summary>
    public void Dispose() => _parts.ForEach(part => part.Handle.Dispose());

    internal long ByteLength(string name) => Find(name).Length;

    private Entry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _entries.TryGetValue(name, out var entry) ? entry : throw new KeyNotFoundException($"The file has no tensor '{name}'.");
    }

    private void OpenParts(string path, bool mapped)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var pair in index.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                if (!parts.TryAdd(pair.Name, pair.Value.GetString() ?? string.Empty))
                {
                    throw new JsonException($"'{pair.Name}' is there twice.");
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new TensorFileException($"{path}: an index has a \"weight_map\" of tensors' names and files. {fault.Message}", fault);
        }

        foreach (var part in parts.Values.Distinct(StringComparer.Ordinal))
        {
            // A name alone: what an index names lies beside it.
            if (part.Length == 0 || part != Path.GetFileName(part) || part is "." or ".."
                || part.AsSpan().ContainsAny('\\', ':') || part.Any(char.IsControl))
            {
                throw new TensorFileException($"{path}: '{part}' is no name of a file beside the index.");
            }

            try
            {
                ReadHeader(Path.Combine(folder, part), mapped);
            }
            catch (Exception fault) when (fault is FileNotFoundException or UnauthorizedAccessException)
            {
                throw new TensorFileException($"{path}: the index names '{part}', which is not there, or no file that can be read.", fault);
            }
        }

        foreach (var (name, part) in parts)
        {
            if (!_entries.TryGetValue(name, out var entry) || Path.GetFileName(entry.Part.Path) != part)
            {
                throw new TensorFileException($"{path}: '{name}' is not in {part}.");
            }
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The handle belongs to the part.")]
    private void ReadHeader(string path, bool mapped)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        var part = new Part(path, handle);
        _parts.Add(part);
        var fileLength = RandomAccess.GetLength(handle);
        Span<byte> size = stackalloc byte[sizeof(long)];
        if (fileLength < size.Length || RandomAccess.Read(handle, size, 0) < size.Length)
        {
            throw new TensorFileException($"{path}: HeaderTooSmall. A safetensors file begins with the length of its header.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > MostHeader || (long)length > fileLength - size.Length)
        {
            throw new TensorFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {(length > MostHeader ? "HeaderTooLarge" : "InvalidHeaderLength")}. The header says {length} bytes, and the file " +
                $"has {fileLength}."));
        }

        var bound = MemoryBound.Of(path, fileLength);
        bound.Take((long)length);
        var header = new byte[(int)length];
        for (var at = 0; at < header.Length;)
        {
            var count = RandomAccess.Read(handle, header.AsSpan(at), size.Length + at);
            at += count > 0 ? count : throw new TensorFileException($"{path}: the file has become shorter while it was read.");
        }

        var begin = size.Length + header.Length;
        List<KeyValuePair<string, Entry>> found;
        try
        {
            found = SafeTensorsHeader.Read(header, part, begin, _metadata, bound);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new TensorFileException($"{path}: InvalidHeaderDeserialization. {fault.Message}", fault);
        }

        Check(path, found, begin, fileLength);
        foreach (var (name, entry) in found)
        {
            if (!_entries.TryAdd(name, entry))
            {
                throw new TensorFileException($"{path}: '{name}' is there twice.");
            }
        }

        part.Map = mapped && fileLength > begin ? new FileMap(handle, fileLength) : null;
    }

    private static void Check(string path, List<KeyValuePair<string, Entry>> found, long begin, long fileLength)
    {
        found.Sort((a, b) => (a.Value.Begin, a.Value.Length).CompareTo((b.Value.Begin, b.Value.Length)));
        var at = begin;
        foreach (var (name, entry) in found)
        {
            if (entry.Begin != at)
            {
                throw new TensorFileException(
                    $"{path}: InvalidOffset. '{name}' {(entry.Begin < at ? "overlaps another tensor" : "does not follow on the tensor before it")}.");
            }

            at += entry.Length;
        }

        if (at != fileLength)
        {
            throw new TensorFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {(at > fileLength ? "MetadataIncompleteBuffer" : "InvalidOffset")}. The tensors end at byte {at}, and the file at " +
                $"{fileLength}."));
        }
    }

    /// <summary>A tensor in a file.</summary>
    /// <param name="Part">The file.</param>
    /// <param name="DType">The dtype.</param>
    /// <param name="Sizes">The sizes.</param>
    /// <param name="Begin">Its first byte in the file.</param>
    /// <param name="Length">Its bytes.</param>
    internal sealed record Entry(Part Part, DType DType, int[] Sizes, long Begin, long Length);

    /// <summary>One of the files.</summary>
    internal sealed record Part(string Path, SafeFileHandle Handle)
    {
        public FileMap? Map { get; set; }
    }
}
