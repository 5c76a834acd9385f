using System.Buffers.Binary;
using System.Text;

namespace Adjoint.FileTrials;

/// <summary>Small whole files of each kind, which are broken afterwards.</summary>
internal static class Seeds
{
    /// <summary>The files of a reader; what it reads beside them lies in the folder.</summary>
    public static byte[][] Of(FuzzReader reader, string folder)
    {
        var place = Path.Combine(folder, "seed");
        var made = new List<byte[]>();
        void Add(Action<string> save)
        {
            save(place);
            made.Add(File.ReadAllBytes(place));
            File.Delete(place);
        }

        var some = Some();
        switch (reader.Name)
        {
            case "safetensors" or "safetensors-mapped":
                Add(path => SafeTensors.Save(path, some, new Dictionary<string, string> { ["format"] = "pt" }));
                Add(path => SafeTensors.Save(path, some.Take(2)));
                Add(path => SafeTensors.Save(path, []));
                break;
            case "safetensors-index":
                var index = Path.Combine(folder, "b.safetensors.index.json");
                SafeTensors.SaveSharded(index, some, maxShardBytes: 64);
                made.Add(File.ReadAllBytes(index));
                made.Add(Encoding.UTF8.GetBytes("""{"metadata":{"total_size":8},"weight_map":{}}"""));
                break;
            case "npy":
                foreach (var (_, x) in some.Where(pair => pair.Value.DType != DType.BFloat16))
                {
                    Add(path => Npy.Save(path, x));
                }

                made.Add(Array2("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }", 24));
                break;
            case "npz":
                var numbers = some.Where(pair => pair.Value.DType != DType.BFloat16);
                Add(path => Npz.Save(path, numbers));
                Add(path => Npz.Save(path, numbers, compressed: true));
                break;
            case "pt":
                Add(path => TorchFile.Save(path, new Dictionary<string, object?>
                {
                    ["model"] = some.ToDictionary(),
                    ["list"] = new List<object?> { 1L, -70_000_000_000L, 2.5, "text", true, null, new object?[] { 1 } },
                }));
                Add(path => TorchFile.Save(path, some[0].Value));
                break;
            default:
                made.Add(Legacy());
                break;
        }

        made.AddRange(FromFolder(reader));
        return [.. made];
    }

    private static List<KeyValuePair<string, Tensor>> Some()
    {
        var whole = Tensor.Arange(12.0).Reshape(3, 4);
        return
        [
            new("a", whole), new("b", whole.T), new("c", Tensor.Ones([5], DType.Bool)), new("d", Tensor.Full([2, 1], 7, DType.Int64)),
            new("e", Tensor.Ones([3], DType.BFloat16)), new("f", Tensor.Scalar(2.5)), new("g", Tensor.Zeros(0, 3)),
        ];
    }

    /// <summary>Files that other programs wrote, if a folder of them is named by ADJOINT_FILES.</summary>
    private static IEnumerable<byte[]> FromFolder(FuzzReader reader)
    {
        if (Environment.GetEnvironmentVariable("ADJOINT_FILES") is not { Length: > 0 } folder)
        {
            return [];
        }

        var ending = reader.Name switch
        {
            "npy" => ".npy",
            "npz" => ".npz",
            "pt" or "pt-legacy" => ".pt",
            "safetensors-index" => ".json",
            _ => ".safetensors",
        };
        return Directory.EnumerateFiles(folder, "*" + ending).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            .Where(bytes => bytes.Length is > 0 and < 10_000 && (ending != ".pt" || reader.Name == "pt" == bytes.AsSpan().StartsWith("PK"u8)));
    }

    private static byte[] Array2(string header, int bytes) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[bytes]];

    /// <summary>The old form by hand, as PyTorch 1.5 wrote it: two tensors that share a storage of four numbers.</summary>
    private static byte[] Legacy()
    {
        const string storage = "ctorch\nFloatStorage\n";
        const string tensor = "ctorch._utils\n_rebuild_tensor_v2\n((U\u0007storage" + storage + "U\u00017U\u0003cpuK\u0004NtQ" +
            "K\u0000K\u0002K\u0002\u0086K\u0002K\u0001\u0086\u0089ccollections\nOrderedDict\n)RtR";
        var pickles = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003." +
            "\u0080\u0002}(U\u0010protocol_versionM\u00e9\u0003U\rlittle_endian\u0088u." +
            "\u0080\u0002}(U\u0001a" + tensor + "U\u0001b" + tensor + "u.\u0080\u0002]U\u00017a.";
        var count = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(count, 4);
        return [.. Encoding.Latin1.GetBytes(pickles), .. count, .. new byte[16]];
    }
}
