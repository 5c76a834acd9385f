using System.Text;

namespace Adjoint.FileTrials;

/// <summary>A reader that is given broken files.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The name of the file that it reads.</param>
/// <param name="Load">Reads it: names and tensors.</param>
/// <param name="Save">Writes what was read; null where it cannot be written.</param>
/// <param name="Words">Pieces that it looks for.</param>
internal sealed record FuzzReader(
    string Name,
    string File,
    Func<string, IEnumerable<KeyValuePair<string, Tensor>>> Load,
    Action<string, IReadOnlyList<KeyValuePair<string, Tensor>>> Save,
    string[] Words)
{
    private static readonly string[] Pickled =
    [
        "cos\nsystem\n", "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ccollections\nOrderedDict\n)R", "\u0080\u0002",
        "\u0080\u0005", "(", ")", "t", "R", "Q", "b", "}", "]", "u", "e", "s", "a", "2", "0", "1", "\u0094", "h\u0000", "q\u0001",
        "r\u0000\u0000\u0000\u0000", "K\u0001", "J\u00ff\u00ff\u00ff\u00ff",
        "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "X\u0001\u0000\u0000\u0000a", "\u0093", "\u0081", "\u0095", "\u0088",
        "\u0089", "N", "G\u007f\u00f8\u0000\u0000\u0000\u0000\u0000\u0000", "I01\n", "L5L\n", "Finf\n", "V\\u0041\n", "i__builtin__\neval\n",
        "\u008c\u0001x", "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "\u0096", "\u0097", "\u0098", "\u0082", "\u008f", "\u0090",
        "\u0091", "\u0092", "o", "P0\n", ".",
    ];

    private static readonly string[] Json =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "1e9", "-1", "NaN", "18446744073709551615", "\"F32\"", "\"F8_E4M3\"", "\"BOOL\"", "\"dtype\"",
        "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\\u0000", "\\ud800", "\u00ff", " ",
    ];

    private static readonly string[] Zipped =
    [
        "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "PK\u0006\u0007", ".npy", "/data.pkl", "/byteorder", "\u0008\u0000",
        "\u00ff\u00ff\u00ff\u00ff",
    ];

    private static readonly string[] Header =
    [
        "\u0093NUMPY", "'descr'", "'fortran_order'", "'shape'", "True", "False", "(", ")", ",", "'>f8'", "'<i2'", "'|b1'", "'|O'", "'<c8'", "'<U4'",
        "[('a', '<f4')]", "2147483647", "-1", "3L", "1e3", "\n", "\u0001\u0000", "\u0002\u0000", "\u0003\u0000", "'<f4'",
    ];

    /// <summary>The readers.</summary>
    public static readonly FuzzReader[] All =
    [
        new("safetensors", "a.safetensors", path => SafeTensors.Load(path), (path, x) => SafeTensors.Save(path, x), Json),
        new("safetensors-mapped", "a.safetensors", Mapped, (path, x) => SafeTensors.Save(path, x), Json),
        new("safetensors-index", "a.safetensors.index.json", path => SafeTensors.Load(path), (path, x) => SafeTensors.Save(path, x), Json),
        new("npy", "a.npy", path => [new("x", Npy.Load(path))], (path, x) => Npy.Save(path, x[0].Value), Header),
        new("npz", "a.npz", path => Npz.Load(path), (path, x) => Npz.Save(path, x), [.. Zipped, .. Header]),
        new("pt", "a.pt", Torch, (path, x) => TorchFile.Save(path, x), [.. Zipped, .. Pickled]),
        new("pt-legacy", "a.pt", Torch, (path, x) => TorchFile.Save(path, x), Pickled),
    ];

    /// <summary>The pieces as bytes.</summary>
    public byte[][] Pieces => [.. Words.Select(Encoding.Latin1.GetBytes)];

    private static List<KeyValuePair<string, Tensor>> Mapped(string path)
    {
        using var file = SafeTensors.Open(path, mapped: true);
        return [.. file.Names.Select(name => KeyValuePair.Create(name, file[name]))];
    }

    /// <summary>Both ways to read: as objects, and as names with tensors.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Torch(string path)
    {
        _ = TorchFile.Load(path);
        return TorchFile.LoadStateDict(path);
    }
}
