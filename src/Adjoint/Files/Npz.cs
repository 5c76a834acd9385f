using System.IO.Compression;
using Adjoint.Files;

namespace Adjoint;

/// <summary>Several named arrays in one of NumPy's files (<c>numpy.savez</c>, <c>numpy.savez_compressed</c>): <c>.npz</c>.</summary>
/// <example><code>Npz.Save("run.npz", [new("x", x), new("y", y)]); var run = Npz.Load("run.npz"); run["x"]</code></example>
public static class Npz
{
    /// <summary>What an array costs beside its elements.</summary>
    private const int EntryCost = 800;

    /// <summary>Reads all arrays, in the order of the file.</summary>
    /// <param name="path">The file, compressed or not.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <param name="maxBytes">
    /// The most bytes of memory for the arrays; null for four times the file's own bytes and 16 MiB. Compressed zeros take a thousandth of their
    /// memory: a file that is known to hold them needs to be given more.
    /// </param>
    /// <exception cref="TensorFileException">The file is not whole, no file of NumPy's, elements are not numbers, or are too many.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path, IProgress<double>? progress = null, long? maxBytes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (maxBytes is { } most)
        {
            Limits.ThrowIfNegative(most, nameof(maxBytes));
        }

        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        using var archive = Archive.Open(path, maxBytes);
        var total = archive.Entries.Sum(entry => (double)entry.Length);
        double done = 0;
        foreach (var entry in archive.Entries)
        {
            var name = entry.Name.EndsWith(".npy", StringComparison.Ordinal) ? entry.Name[..^4] : entry.Name;
            archive.Bound.Take(EntryCost);
            archive.Read(
                entry,
                (stream, length) =>
                {
                    var x = Npy.Read(
                        stream, $"{path}/{entry.Name}", length, archive.Bound, share => progress?.Report((done + (share * length)) / total));
                    if (!tensors.TryAdd(name, x))
                    {
                        throw new TensorFileException($"{path}: '{name}' is there twice.");
                    }

                    done += length;
                },
                isSummed: true);
        }

        progress?.Report(1);
        return tensors;
    }

    /// <summary>Writes tensors, beside the old file and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="compressed">Make the file smaller (<c>savez_compressed</c>).</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="ArgumentException">A name is empty or appears twice.</exception>
    /// <exception cref="DTypeException">NumPy has no such dtype.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compressed = false, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        KeyValuePair<string, Tensor>[] all = [.. tensors];
        foreach (var (name, x) in all)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(tensors));
            ArgumentNullException.ThrowIfNull(x, nameof(tensors));
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' appears twice.", nameof(tensors));
            }
        }

        var total = all.Sum(pair => (double)pair.Value.Count * pair.Value.DType.ItemSize);
        WholeFile.Write(path, stream =>
        {
            double done = 0;
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, x) in all)
            {
                using var entry = Archive.Create(archive, name + ".npy", compressed);
                var length = (double)x.Count * x.DType.ItemSize;
                Npy.Write(entry, x, share => progress?.Report((done + (share * length)) / total));
                done += length;
            }
        });
    }
}
