using System.Globalization;
using System.Numerics;
using Adjoint.Files;

namespace Adjoint;

/// <summary>
/// Files that <c>torch.save</c> wrote, of both forms (ZIP, and the one before PyTorch 1.6), and files that <c>torch.load</c> reads. A pickle is a
/// program
/// that can call anything; here only tensors, containers, texts and numbers come out of one, as with <c>weights_only=True</c>, and nothing is run.
/// </summary>
/// <remarks>
/// Tensors that shared memory in Python share it here. A dictionary becomes an <see cref="OrderedDictionary{TKey, TValue}"/> of <c>object</c>, a
/// list a
/// <see cref="List{T}"/>, a tuple an array, an int a <see cref="long"/> or <see cref="BigInteger"/>, a float a <see cref="double"/>, bytes a
/// <c>byte[]</c>, None null, a dtype a <see cref="DType"/>, and a device its name.
/// </remarks>
/// <example>
/// <code>
/// var weights = TorchFile.LoadStateDict("model.pt");
/// model.LoadStateDict(weights);
/// TorchFile.Save("mine.pt", model.StateDict());   // torch.load("mine.pt")
/// </code>
/// </example>
public static class TorchFile
{
    private const int Deepest = 64;

    /// <summary>What a container costs when it is handed out as .NET's own, and a name in a list of them.</summary>
    private const int ContainerCost = 160, NameCost = 96;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <returns>What was saved; see the remarks.</returns>
    /// <exception cref="TensorFileException">The file is not whole, or names what is not allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static object? Load(string path, IProgress<double>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (value, bound) = TorchReader.Read(path, progress);
        return Plain(value, path, bound, [], 0);
    }

    /// <summary>
    /// Reads the tensors of a file by their names. Those of dictionaries and lists inside have the names of both, joined by a dot; what is no tensor
    /// is
    /// passed over.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">Where in the file they are: <c>"model"</c> for those of <c>checkpoint["model"]</c>.</param>
    /// <exception cref="TensorFileException">The file is not whole, names what is not allowed, or has no such key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> LoadStateDict(string path, params ReadOnlySpan<string> keys)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (value, bound) = TorchReader.Read(path);
        foreach (var key in keys)
        {
            value = value is PickleDictionary dictionary && dictionary.Pairs.TryGetValue(key, out var inner)
                ? inner
                : throw new TensorFileException(
                    $"{path}: there is no '{key}'. There are " +
                    $"{(value is PickleDictionary { Pairs.Keys: var names } ? string.Join(", ", names) : "no names")}.");
        }

        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        Collect(tensors, string.Empty, value, path, bound, 0);
        return tensors;
    }

    /// <summary>
    /// Writes a file that <c>torch.load</c> reads, also with <c>weights_only=True</c>: beside the old file, and renamed over it when all is on the
    /// disk.
    /// Tensors that share memory share it in the file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="value">
    /// A tensor, a dictionary (<see cref="IDictionary{TKey, TValue}"/> of texts to tensors or anything of this list), a list, an array, a text, a
    /// number,
    /// a truth value or null.
    /// </param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="ArgumentException">Something inside is none of these.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(string path, object? value, IProgress<double>? progress = null)
    {
        var writer = new TorchWriter(value);
        WholeFile.Write(path, stream => writer.Write(stream, progress));
    }

    private static void Collect(
        OrderedDictionary<string, Tensor> tensors, string name, object? value, string path, MemoryBound bound, int depth)
    {
        // A pickle can hold itself, or the same list very often: each name is asked for.
        bound.Take(NameCost + (2L * name.Length));
        if (depth > Deepest)
        {
            throw new TensorFileException($"{path}: containers are nested more than {Deepest} deep.");
        }

        switch (value)
        {
            case Tensor x:
                if (!tensors.TryAdd(name, x))
                {
                    throw new TensorFileException($"{path}: two tensors have the name '{name}'.");
                }

                break;
            case PickleDictionary dictionary:
                foreach (var (key, inner) in dictionary.Pairs)
                {
                    Collect(tensors, Joined(name, Convert.ToString(key, CultureInfo.InvariantCulture)!), inner, path, bound, depth + 1);
                }

                break;
            case IReadOnlyList<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    Collect(tensors, Joined(name, i.ToString(CultureInfo.InvariantCulture)), list[i], path, bound, depth + 1);
                }

                break;
            default:
                break;
        }
    }

    private static string Joined(string name, string key) => name.Length == 0 ? key : name + "." + key;

    /// <summary>Dictionaries as .NET's own.</summary>
    /// <param name="value">What the pickle made.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="bound">How much memory the file may still ask for.</param>
    /// <param name="seen">Containers, and whether all inside was seen: one that is met again is handed out again, if it does not hold itself.</param>
    /// <param name="depth">How many containers are around it.</param>
    private static object? Plain(object? value, string path, MemoryBound bound, Dictionary<object, bool> seen, int depth)
    {
        switch (value)
        {
            case PickleDictionary or List<object?> or object?[] { Length: > 0 }:
                if (seen.TryGetValue(value, out var isDone))
                {
                    return isDone ? (value as PickleDictionary)?.Pairs ?? value : throw new TensorFileException($"{path}: a container holds itself.");
                }

                break;
            case TorchGlobals.StorageType or TorchGlobals.Stored or TorchGlobals.Function:
                throw new TensorFileException($"{path}: it holds a storage or a function outside of a tensor.");
            default:
                return value;
        }

        if (depth > Deepest)
        {
            throw new TensorFileException($"{path}: containers are nested more than {Deepest} deep.");
        }

        bound.Take(ContainerCost);
        seen[value] = false;
        switch (value)
        {
            case PickleDictionary dictionary:
                for (var i = 0; i < dictionary.Pairs.Count; i++)
                {
                    dictionary.Pairs.SetAt(i, Plain(dictionary.Pairs.GetAt(i).Value, path, bound, seen, depth + 1));
                }

                break;
            case IList<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    list[i] = Plain(list[i], path, bound, seen, depth + 1);
                }

                break;
        }

        seen[value] = true;
        return (value as PickleDictionary)?.Pairs ?? value;
    }
}
