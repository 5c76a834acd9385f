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
    private const int DeepestText = 64;
    private const int MostTensors = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What was saved; see the remarks.</returns>
    /// <exception cref="TensorFileException">The file is not whole, or names what is not allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static object? Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Plain(TorchReader.Read(path), path, 0);
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
        var value = TorchReader.Read(path);
        foreach (var key in keys)
        {
            value = value is PickleDictionary dictionary && dictionary.Pairs.TryGetValue(key, out var inner)
                ? inner
                : throw new TensorFileException(
                    $"{path}: there is no '{key}'. There are " +
                    $"{(value is PickleDictionary { Pairs.Keys: var names } ? string.Join(", ", names) : "no names")}.");
        }

        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        Collect(tensors, string.Empty, value, path, 0);
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
    /// <exception cref="ArgumentException">Something inside is none of these.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(string path, object? value)
    {
        var writer = new TorchWriter(value);
        WholeFile.Write(path, writer.Write);
    }

    private static void Collect(OrderedDictionary<string, Tensor> tensors, string name, object? value, string path, int depth)
    {
        // A pickle can hold itself, or the same list very often.
        if (depth > DeepestText || tensors.Count > MostTensors)
        {
            throw new TensorFileException($"{path}: containers are nested too deeply, or hold too many tensors.");
        }

        switch (value)
        {
            case Tensor x:
                tensors[name] = x;
                break;
            case PickleDictionary dictionary:
                foreach (var (key, inner) in dictionary.Pairs)
                {
                    Collect(tensors, Joined(name, Convert.ToString(key, CultureInfo.InvariantCulture)!), inner, path, depth + 1);
                }

                break;
            case IReadOnlyList<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    Collect(tensors, Joined(name, i.ToString(CultureInfo.InvariantCulture)), list[i], path, depth + 1);
                }

                break;
            default:
                break;
        }
    }

    private static string Joined(string name, string key) => name.Length == 0 ? key : name + "." + key;

    /// <summary>Dictionaries as .NET's own.</summary>
    private static object? Plain(object? value, string path, int depth)
    {
        if (depth > DeepestText)
        {
            throw new TensorFileException($"{path}: containers are nested more than {DeepestText} deep.");
        }

        switch (value)
        {
            case PickleDictionary dictionary:
                foreach (var (key, inner) in dictionary.Pairs.ToArray())
                {
                    dictionary.Pairs[key] = Plain(inner, path, depth + 1);
                }

                return dictionary.Pairs;
            case List<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    list[i] = Plain(list[i], path, depth + 1);
                }

                return list;
            case object?[] tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    tuple[i] = Plain(tuple[i], path, depth + 1);
                }

                return tuple;
            case TorchGlobals.StorageType or TorchGlobals.Stored:
                throw new TensorFileException($"{path}: it holds a storage outside of a tensor.");
            default:
                return value;
        }
    }
}
