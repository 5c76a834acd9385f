using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using Adjoint.Memory;

namespace Adjoint.Files;

/// <summary>What a file of PyTorch's holds. Dictionaries are still <see cref="PickleDictionary"/>.</summary>
internal static class TorchReader
{
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);

    /// <summary>Reads a file of either form.</summary>
    public static object? Read(string path)
    {
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Span<byte> start = stackalloc byte[4];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            {
                throw new TensorFileException($"{path}: Ran out of input. The file is empty or nearly so.");
            }

            if (!start.SequenceEqual("PK\x03\x04"u8))
            {
                return ReadLegacy(path, stream.Length);
            }
        }

        using var archive = Archive.Open(path);
        return ReadArchive(path, archive);
    }

    private static object? ReadArchive(string path, Archive archive)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw new TensorFileException($"{path}: '{entry.FullName}' is there twice.");
            }
        }

        var pickle = entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList() is [var only]
            ? only
            : throw new TensorFileException($"{path}: it has no data.pkl, so it is no file of torch.save.");
        var folder = pickle[..^"data.pkl".Length];
        if (entries.ContainsKey(folder + "constants.pkl"))
        {
            throw new TensorFileException(
                $"{path}: this is a TorchScript archive, which holds code. Save its weights in Python: torch.save(model.state_dict(), " +
                $"\"weights.pt\").");
        }

        var swap = entries.TryGetValue(folder + "byteorder", out var order) && System.Text.Encoding.UTF8.GetString(All(archive, order)) == "big";
        var storages = new Dictionary<string, TorchGlobals.Stored>(StringComparer.Ordinal);
        var globals = new TorchGlobals(path, id => Stored(path, id, storages, (key, dtype, length) =>
        {
            var entry = entries.TryGetValue($"{folder}data/{key}", out var found)
                ? found
                : throw new TensorFileException($"{path}: storage '{key}' is missing.");
            if (entry.Length != length)
            {
                throw new TensorFileException($"{path}: storage '{key}' has {entry.Length} bytes, and {length} are said to be there.");
            }

            Storage? storage = null;
            archive.Read(entry, (stream, _) => storage = TensorBytes.Storage(length, dtype, stream.ReadExactly, swap));
            return storage!;
        }));
        return new PickleReader(new PickleReader.Source(All(archive, entries[pickle]), path), globals).Read();
    }

    /// <summary>Three short pickles, the one of the object, one of the storages' keys, then the storages with their lengths.</summary>
    private static object? ReadLegacy(string path, long length)
    {
        var bytes = length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new TensorFileException($"{path}: a file of 2 GB or more in the old form is not read. Save it again with PyTorch 1.6 or later.");
        var source = new PickleReader.Source(bytes, path);
        var none = new TorchGlobals(path, _ => throw new TensorFileException($"{path}: a storage stands where none may be."));
        if (new PickleReader(source, none).Read() is not BigInteger magic || magic != LegacyMagic)
        {
            throw new TensorFileException($"{path}: Invalid magic number; corrupt file? It is no file of torch.save.");
        }

        _ = new PickleReader(source, none).Read();
        if (new PickleReader(source, none).Read() is not PickleDictionary system)
        {
            throw new TensorFileException($"{path}: the description of the machine is missing.");
        }

        var swap = system.Pairs.TryGetValue("little_endian", out var isLittle) && isLittle is false;

        // Storages come after the object, so that it is read twice: for their types, and with their memory.
        var begin = source.At;
        var types = new Dictionary<string, TorchGlobals.Stored>(StringComparer.Ordinal);
        var lengths = new Dictionary<string, (DType DType, long Length)>(StringComparer.Ordinal);
        long total = 0;
        var first = new TorchGlobals(path, id => Stored(path, id, types, (key, dtype, size) =>
        {
            // Together at most what is in the file, so that no file makes more memory than it has bytes.
            lengths[key] = size <= length - total ? (dtype, size) : throw new TensorFileException($"{path}: storages are larger than the file.");
            total += size;
            return Storage.Allocate((nint)size);
        }));
        _ = new PickleReader(source, first).Read();
        if (new PickleReader(source, none).Read() is not List<object?> keys)
        {
            throw new TensorFileException($"{path}: the list of storages is missing.");
        }

        var storages = new Dictionary<string, Storage>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            if (item is not string key || !lengths.TryGetValue(key, out var stored) || storages.ContainsKey(key))
            {
                throw new TensorFileException($"{path}: the list of storages names one that no tensor lies in.");
            }

            var count = BinaryPrimitives.ReadInt64LittleEndian(source.Bytes(sizeof(long)));
            if (count < 0 || count != stored.Length / stored.DType.ItemSize)
            {
                throw new TensorFileException($"{path}: storage '{key}' has {count} elements, and others are said to be there.");
            }

            storages[key] = TensorBytes.Storage(stored.Length, stored.DType, piece => source.Bytes(piece.Length).CopyTo(piece), swap);
        }

        types.Clear();
        var again = new PickleReader.Source(bytes, path) { At = begin };
        var second = new TorchGlobals(path, id => Stored(path, id, types, (key, _, _) =>
            storages.TryGetValue(key, out var storage) ? storage : throw new TensorFileException($"{path}: storage '{key}' is missing.")));
        return new PickleReader(again, second).Read();
    }

    private static TorchGlobals.Stored Stored(
        string path, object?[] id, Dictionary<string, TorchGlobals.Stored> storages, Func<string, DType, long, Storage> read)
    {
        if (id is not ["storage", TorchGlobals.StorageType type, string key, string, long count, ..]
            || count < 0 || count > long.MaxValue / type.DType.ItemSize
            || (id.Length > 5 && id[5] is not null))
        {
            throw new TensorFileException($"{path}: a storage is not described as PyTorch does.");
        }

        if (!storages.TryGetValue(key, out var stored))
        {
            stored = new(read(key, type.DType, count * type.DType.ItemSize), type.DType);
            storages.Add(key, stored);
        }

        return stored.DType == type.DType ? stored : stored with { DType = type.DType };
    }

    private static byte[] All(Archive archive, ZipArchiveEntry entry)
    {
        byte[] bytes = [];
        archive.Read(entry, (stream, length) =>
        {
            bytes = new byte[Math.Min(length, Array.MaxLength)];
            stream.ReadExactly(bytes);
        });
        return bytes;
    }
}
