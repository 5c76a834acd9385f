using System.Buffers.Binary;
using System.Numerics;
using Adjoint.Memory;

namespace Adjoint.Files;

/// <summary>What a file of PyTorch's holds. Dictionaries are still <see cref="PickleDictionary"/>.</summary>
internal static class TorchReader
{
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);

    /// <summary>Reads a file of either form.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Hears the share of the storages that is read.</param>
    /// <returns>The object, and how much memory may still be made of it.</returns>
    public static (object? Value, MemoryBound Bound) Read(string path, IProgress<double>? progress = null)
    {
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        {
            Span<byte> start = stackalloc byte[4];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            {
                throw new TensorFileException($"{path}: Ran out of input. The file is empty or nearly so.");
            }

            if (!start.SequenceEqual("PK\x03\x04"u8))
            {
                return ReadLegacy(path, stream.Length, progress);
            }
        }

        using var archive = Archive.Open(path);
        return (ReadArchive(path, archive, progress), archive.Bound);
    }

    private static object? ReadArchive(string path, Archive archive, IProgress<double>? progress)
    {
        var entries = new Dictionary<string, Archive.Entry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new TensorFileException($"{path}: '{entry.Name}' is there twice.");
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

        var swap = entries.TryGetValue(folder + "byteorder", out var order) && IsBig(path, archive, order);
        var storages = new Dictionary<string, TorchGlobals.Stored>(StringComparer.Ordinal);
        var total = archive.Entries.Sum(entry => (double)entry.Length);
        double done = 0;
        var globals = new TorchGlobals(path, archive.Bound, swap, id => Stored(path, id, storages, (key, dtype, length) =>
        {
            var entry = entries.TryGetValue($"{folder}data/{key}", out var found)
                ? found
                : throw new TensorFileException($"{path}: storage '{key}' is missing.");
            if (entry.Length != length)
            {
                throw new TensorFileException($"{path}: storage '{key}' has {entry.Length} bytes, and {length} are said to be there.");
            }

            archive.Bound.Take(length);
            Storage? storage = null;
            archive.Read(
                entry,
                (stream, _) => storage = TensorBytes.Storage(
                    length,
                    dtype,
                    piece =>
                    {
                        stream.ReadExactly(piece);
                        done += piece.Length;
                        progress?.Report(Math.Min(done / total, 1));
                    },
                    swap),
                isSummed: false);
            return storage;
        }));
        var value = new PickleReader(new PickleReader.Source(archive.ReadAll(entries[pickle]), path, archive.Bound), globals).Read();
        progress?.Report(1);
        return value;
    }

    private static bool IsBig(string path, Archive archive, Archive.Entry order) =>
        (order.Length <= 16 ? System.Text.Encoding.Latin1.GetString(archive.ReadAll(order)) : string.Empty) switch
        {
            "little" => false,
            "big" => true,
            var other => throw new TensorFileException($"{path}: Unknown endianness type: {other}. It is little or big."),
        };

    /// <summary>Three short pickles, the one of the object, one of the storages' keys, then the storages with their lengths.</summary>
    private static (object? Value, MemoryBound Bound) ReadLegacy(string path, long length, IProgress<double>? progress)
    {
        var bytes = length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new TensorFileException($"{path}: a file of 2 GB or more in the old form is not read. Save it again with PyTorch 1.6 or later.");
        var bound = Bound();
        var source = new PickleReader.Source(bytes, path, bound);
        var none = new TorchGlobals(
            path, bound, isSwapped: false, _ => throw new TensorFileException($"{path}: a storage stands where none may be."));
        if (new PickleReader(source, none).Read() is not BigInteger magic || magic != LegacyMagic)
        {
            throw new TensorFileException($"{path}: Invalid magic number; corrupt file? It is no file of torch.save.");
        }

        if (new PickleReader(source, none).Read() is not 1001L)
        {
            throw new TensorFileException($"{path}: Invalid protocol version. The old form has 1001.");
        }

        if (new PickleReader(source, none).Read() is not PickleDictionary system)
        {
            throw new TensorFileException($"{path}: the description of the machine is missing.");
        }

        var swap = system.Pairs.TryGetValue("little_endian", out var isLittle) && isLittle is false;

        // Storages come after the object, so that it is read twice: for their types, and with their memory.
        var begin = source.At;
        var types = new Dictionary<string, TorchGlobals.Stored>(StringComparer.Ordinal);
        long total = 0;
        var first = new TorchGlobals(path, bound, swap, id => Stored(path, id, types, (_, _, size) =>
        {
            total = size <= length - total ? total + size : throw new TensorFileException($"{path}: storages are larger than the file.");
            return null;
        }));
        _ = new PickleReader(source, first).Read();
        if (new PickleReader(source, none).Read() is not List<object?> keys)
        {
            throw new TensorFileException($"{path}: the list of storages is missing.");
        }

        bound = Bound();
        bound.Take(total);
        var storages = new Dictionary<string, Storage>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            if (item is not string key || !types.TryGetValue(key, out var stored) || storages.ContainsKey(key))
            {
                throw new TensorFileException($"{path}: the list of storages names one that no tensor lies in.");
            }

            var count = BinaryPrimitives.ReadInt64LittleEndian(source.Bytes(sizeof(long)));
            if (count < 0 || count != stored.Length / stored.DType.ItemSize)
            {
                throw new TensorFileException($"{path}: storage '{key}' has {count} elements, and others are said to be there.");
            }

            source.Need(stored.Length <= source.Left, "it ends too early");
            storages[key] = TensorBytes.Storage(stored.Length, stored.DType, piece => source.Bytes(piece.Length).CopyTo(piece), swap);
            progress?.Report((double)source.At / bytes.Length);
        }

        types.Clear();
        var again = new PickleReader.Source(bytes, path, bound) { At = begin };
        var second = new TorchGlobals(path, bound, swap, id => Stored(path, id, types, (key, _, _) =>
            storages.TryGetValue(key, out var storage) ? storage : throw new TensorFileException($"{path}: storage '{key}' is missing.")));
        var value = new PickleReader(again, second).Read();
        progress?.Report(1);
        return (value, bound);

        MemoryBound Bound()
        {
            var whole = MemoryBound.Of(path, length);
            whole.Take(length);
            return whole;
        }
    }

    private static TorchGlobals.Stored Stored(
        string path, object?[] id, Dictionary<string, TorchGlobals.Stored> storages, Func<string, DType, long, Storage?> read)
    {
        if (id is not ["storage", TorchGlobals.StorageType type, string key, string, long count, ..]
            || count < 0 || count > long.MaxValue / type.DType.ItemSize
            || (id.Length > 5 && id[5] is not null))
        {
            throw new TensorFileException($"{path}: a storage is not described as PyTorch does.");
        }

        var length = count * type.DType.ItemSize;
        if (!storages.TryGetValue(key, out var stored))
        {
            stored = new(read(key, type.DType, length), length, type.DType);
            storages.Add(key, stored);
        }

        return stored.Length != length ? throw new TensorFileException($"{path}: storage '{key}' is said to have two sizes.")
            : stored.DType == type.DType ? stored
            : throw new TensorFileException($"{path}: storage '{key}' is said to have two types.");
    }
}
