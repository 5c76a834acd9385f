using System.IO.Compression;
using Adjoint.Files;

namespace Adjoint;

/// <summary>Several named arrays in one of NumPy's files (<c>numpy.savez</c>, <c>numpy.savez_compressed</c>): <c>.npz</c>.</summary>
/// <example><code>Npz.Save("run.npz", [new("x", x), new("y", y)]); var run = Npz.Load("run.npz"); run["x"]</code></example>
public static class Npz
{
    /// <summary>Reads all arrays, in the order of the file.</summary>
    /// <param name="path">The file, compressed or not.</param>
    /// <exception cref="TensorFileException">The file is not whole, no file of NumPy's, or elements are not numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        using var archive = Archive.Open(path);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
            archive.Read(entry, (stream, length) =>
            {
                if (!tensors.TryAdd(name, Npy.Read(stream, $"{path}/{entry.FullName}", length)))
                {
                    throw new TensorFileException($"{path}: '{name}' is there twice.");
                }
            });
        }

        return tensors;
    }

    /// <summary>Writes tensors, beside the old file and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="compressed">Make the file smaller (<c>savez_compressed</c>).</param>
    /// <exception cref="ArgumentException">A name is empty or appears twice.</exception>
    /// <exception cref="DTypeException">NumPy has no such dtype.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compressed = false)
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

        WholeFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, x) in all)
            {
                using var entry = Archive.Create(archive, name + ".npy", compressed);
                Npy.Write(entry, x);
            }
        });
    }
}
