using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Files;

namespace Adjoint;

/// <content>Files in parts, and the index that names them.</content>
public static partial class SafeTensors
{
    private const string IndexEnding = ".safetensors.index.json";

    /// <summary>
    /// Writes tensors into several files beside each other and an index of them, as large models are handed round:
    /// <c>model-00001-of-00002.safetensors</c> and so on. The parts have names that no old part has and the index is renamed over the old one last,
    /// so that a reader finds all of the old tensors or all of the new ones; old parts go then.
    /// </summary>
    /// <param name="path">The index, <c>model.safetensors.index.json</c>.</param>
    /// <param name="tensors">Names and tensors; views are written as dense tensors.</param>
    /// <param name="maxShardBytes">The most bytes of elements in a part, unless a tensor alone has more.</param>
    /// <param name="metadata">Texts for the headers of all parts.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="ArgumentException">A name appears twice, or the path has another ending.</exception>
    /// <exception cref="IOException">A file cannot be written; the old ones are as they were.</exception>
    public static void SaveSharded(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        long maxShardBytes = 5_000_000_000,
        IReadOnlyDictionary<string, string>? metadata = null,
        IProgress<double>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        Limits.ThrowIfNegativeOrZero(maxShardBytes);
        if (!path.EndsWith(IndexEnding, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The name of an index ends with {IndexEnding}.", nameof(path));
        }

        var whole = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(whole)!;
        var stem = Path.GetFileName(whole)[..^IndexEnding.Length];
        var parts = Divide(Checked(tensors), maxShardBytes);
        var names = FreeNames(folder, stem, parts.Count);
        var total = parts.Sum(part => part.Bytes);
        double done = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var bytes = parts[i].Bytes;
            Write(Path.Combine(folder, names[i]), parts[i].Tensors, metadata, share => progress?.Report((done + (share * bytes)) / total));
            done += bytes;
        }

        WholeFile.Write(whole, stream => WriteIndex(stream, parts, names, total));
        RemoveOthers(folder, stem, names);
    }

    private static List<(List<KeyValuePair<string, Tensor>> Tensors, long Bytes)> Divide(List<KeyValuePair<string, Tensor>> tensors, long most)
    {
        var parts = new List<(List<KeyValuePair<string, Tensor>> Tensors, long Bytes)> { ([], 0) };
        foreach (var pair in tensors)
        {
            var size = TensorBytes.Length(pair.Value.Shape.AsSpan(), pair.Value.DType);
            if (parts[^1].Tensors.Count > 0 && size > most - parts[^1].Bytes)
            {
                parts.Add(([], 0));
            }

            parts[^1].Tensors.Add(pair);
            parts[^1] = (parts[^1].Tensors, parts[^1].Bytes + size);
        }

        return parts;
    }

    /// <summary>Names of which no file is there.</summary>
    private static string[] FreeNames(string folder, string stem, int count)
    {
        for (var generation = 0; ; generation++)
        {
            var begin = generation == 0 ? stem : $"{stem}.{generation}";
            string[] names = [.. Enumerable.Range(1, count).Select(i => $"{begin}-{i:D5}-of-{count:D5}.safetensors")];
            if (!Array.Exists(names, name => File.Exists(Path.Combine(folder, name))))
            {
                return names;
            }
        }
    }

    private static void WriteIndex(
        Stream stream, List<(List<KeyValuePair<string, Tensor>> Tensors, long Bytes)> parts, string[] names, long total)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", total);
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        for (var i = 0; i < parts.Count; i++)
        {
            foreach (var (name, _) in parts[i].Tensors)
            {
                json.WriteString(name, names[i]);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Parts of older indices, and of writers that were killed.</summary>
    private static void RemoveOthers(string folder, string stem, string[] names)
    {
        foreach (var file in Directory.EnumerateFiles(folder, stem + "*.safetensors"))
        {
            var name = Path.GetFileName(file);
            if (name.StartsWith(stem, StringComparison.Ordinal) && PartName().IsMatch(name.AsSpan(stem.Length)) && !names.Contains(name))
            {
                File.Delete(file);
            }
        }
    }

    [GeneratedRegex(@"^(\.\d+)?-\d{5}-of-\d{5}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
