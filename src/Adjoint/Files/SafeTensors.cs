using System.Buffers.Binary;
using System.Text.Json;

namespace Adjoint;

/// <summary>
/// Files of the safetensors format: names, shapes and dtypes in a header of JSON, then the elements (https://github.com/huggingface/safetensors). A
/// file is checked as a whole before anything is made: every tensor lies inside, none overlaps another, nothing lies between them.
/// </summary>
/// <example>
/// <code>
/// SafeTensors.Save("model.safetensors", model.StateDict());
/// using var file = SafeTensors.Open("model.safetensors");   // reads the header alone
/// var weight = file["0.weight"];
/// </code>
/// </example>
public static partial class SafeTensors
{
    /// <summary>Opens a file, or the index of one in parts (<c>model.safetensors.index.json</c>). Tensors are read when they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mapped">
    /// Let tensors lie in the file's own pages, which the system reads when they are touched, instead of copies; what is changed in place stays in
    /// memory and does not reach the file. Nobody may shorten the file meanwhile: the system ends a process that touches what is gone.
    /// </param>
    /// <exception cref="TensorFileException">The file is not whole, or no safetensors file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsFile Open(string path, bool mapped = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new SafeTensorsFile(path, mapped);
    }

    /// <summary>Reads all tensors of a file, in the order in which they lie there.</summary>
    /// <param name="path">The file, or the index of one in parts.</param>
    /// <param name="progress">Hears the share that is read, from 0 to 1.</param>
    /// <exception cref="TensorFileException">The file is not whole, or no safetensors file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path, IProgress<double>? progress = null)
    {
        using var file = Open(path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        long total = 0;
        foreach (var name in file.Names)
        {
            tensors.Add(name, file[name]);
            total += file.ByteLength(name);
            progress?.Report(file.TotalBytes == 0 ? 1 : (double)total / file.TotalBytes);
        }

        return tensors;
    }

    /// <summary>Writes tensors, beside the old file and renamed over it when all is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and tensors; views are written as dense tensors.</param>
    /// <param name="metadata">Texts for the header.</param>
    /// <param name="progress">Hears the share that is written, from 0 to 1.</param>
    /// <exception cref="ArgumentException">A name appears twice, or is that of the metadata.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public static void Save(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Write(path, Checked(tensors), metadata, share => progress?.Report(share));
    }

    private static List<KeyValuePair<string, Tensor>> Checked(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<KeyValuePair<string, Tensor>>();
        foreach (var (name, tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(tensors));
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (name == Metadata || !names.Add(name))
            {
                throw new ArgumentException(
                    $"The name '{name}' {(name == Metadata ? "is that of the metadata" : "appears twice")}.", nameof(tensors));
            }

            all.Add(new(name, tensor));
        }

        return all;
    }

    private static void Write(
        string path, List<KeyValuePair<string, Tensor>> all, IReadOnlyDictionary<string, string>? metadata, Action<double> progress)
    {
        // As the format's own library does: what needs the most alignment first.
        all = [.. all.OrderByDescending(pair => pair.Value.DType.ItemSize).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
        var header = Header(all, metadata, out var length);
        Files.WholeFile.Write(path, stream =>
        {
            Span<byte> size = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(size, header.Length);
            stream.Write(size);
            stream.Write(header);
            long written = 0;
            foreach (var (_, tensor) in all)
            {
                Files.TensorBytes.Write(tensor, piece =>
                {
                    stream.Write(piece);
                    written += piece.Length;
                    progress((double)written / length);
                });
            }
        });
    }

    internal const string Metadata = "__metadata__";

    /// <summary>The format's names of dtypes, and those here.</summary>
    internal static readonly (string Name, string DType)[] DTypes =
    [
        ("BOOL", "bool"), ("U8", "uint8"), ("I8", "int8"), ("I16", "int16"), ("U16", "uint16"), ("I32", "int32"), ("U32", "uint32"), ("I64", "int64"),
        ("U64", "uint64"), ("F16", "float16"), ("BF16", "bfloat16"), ("F32", "float32"), ("F64", "float64"),
    ];

    private static byte[] Header(
        List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata, out long length)
    {
        using var buffer = new MemoryStream();
        length = 0;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(Metadata);
                foreach (var (key, text) in metadata)
                {
                    json.WriteString(key, text);
                }

                json.WriteEndObject();
            }

            foreach (var (name, tensor) in tensors)
            {
                var size = Files.TensorBytes.Length(tensor.Shape.AsSpan(), tensor.DType);
                json.WriteStartObject(name);
                json.WriteString("dtype", Array.Find(DTypes, pair => "torch." + pair.DType == tensor.DType.TorchName).Name);
                json.WriteStartArray("shape");
                foreach (var side in tensor.Shape)
                {
                    json.WriteNumberValue(side);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(length);
                json.WriteNumberValue(length + size);
                json.WriteEndArray();
                json.WriteEndObject();
                length += size;
            }

            json.WriteEndObject();
        }

        // Elements begin at a multiple of eight bytes.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }
}
