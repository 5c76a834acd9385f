using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Adjoint.Memory;

namespace Adjoint.Files;

/// <summary>A file as <c>torch.save</c> writes it: a ZIP archive of a pickle (protocol 2) and of each storage's bytes.</summary>
internal sealed class TorchWriter
{
    private static readonly Dictionary<string, string> Storages = new(StringComparer.Ordinal)
    {
        ["torch.float32"] = "FloatStorage", ["torch.float64"] = "DoubleStorage", ["torch.float16"] = "HalfStorage",
        ["torch.bfloat16"] = "BFloat16Storage", ["torch.int64"] = "LongStorage", ["torch.int32"] = "IntStorage", ["torch.int16"] = "ShortStorage",
        ["torch.int8"] = "CharStorage", ["torch.uint8"] = "ByteStorage", ["torch.bool"] = "BoolStorage",
    };

    private readonly ArrayBufferWriter<byte> _pickle = new();
    private readonly List<(Storage Storage, DType DType)> _storages = [];
    private readonly Dictionary<Storage, int> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _open = [];

    /// <summary>Makes the pickle; nothing is written yet.</summary>
    /// <exception cref="ArgumentException">Something is neither a tensor nor a container, text or number.</exception>
    public TorchWriter(object? value)
    {
        Code(0x80, 2);
        Put(value);
        Code('.');
    }

    /// <summary>Writes the archive.</summary>
    /// <param name="stream">Takes it.</param>
    /// <param name="progress">Hears the share of the storages that is written.</param>
    public void Write(Stream stream, IProgress<double>? progress = null)
    {
        var total = _storages.Sum(pair => (double)pair.Storage.ByteLength);
        double written = 0;
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var pickle = Archive.Create(archive, "archive/data.pkl", compressed: false))
        {
            pickle.Write(_pickle.WrittenSpan);
        }

        Text(archive, "archive/byteorder", "little");
        for (var i = 0; i < _storages.Count; i++)
        {
            var (storage, dtype) = _storages[i];
            using var entry = Archive.Create(archive, string.Create(CultureInfo.InvariantCulture, $"archive/data/{i}"), compressed: false);
            TensorBytes.Write(storage, 0, storage.ByteLength, dtype.ItemSize, piece =>
            {
                entry.Write(piece);
                written += piece.Length;
                progress?.Report(written / total);
            });
        }

        Text(archive, "archive/version", "3\n");
    }

    private static void Text(ZipArchive archive, string name, string text)
    {
        using var entry = Archive.Create(archive, name, compressed: false);
        entry.Write(Encoding.ASCII.GetBytes(text));
    }

    private void Put(object? value)
    {
        switch (value)
        {
            case null:
                Code('N');
                break;
            case Tensor x:
                Put(x);
                break;
            case bool truth:
                Code(truth ? 0x88 : 0x89);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                Put(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float or double or Half:
                Code('G');
                Span<byte> real = stackalloc byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(
                    real, value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture));
                _pickle.Write(real);
                break;
            case string text:
                Put(text);
                break;
            case IDictionary<string, Tensor> tensors:
                Dictionary(tensors, tensors.Select(pair => ((object)pair.Key, (object?)pair.Value)));
                break;
            case IDictionary dictionary:
                Dictionary(dictionary, dictionary.Keys.Cast<object>().Select(key => (key, dictionary[key])));
                break;
            case IEnumerable<KeyValuePair<string, Tensor>> tensors:
                Dictionary(tensors, tensors.Select(pair => ((object)pair.Key, (object?)pair.Value)));
                break;
            case IEnumerable<KeyValuePair<string, object?>> objects:
                Dictionary(objects, objects.Select(pair => ((object)pair.Key, pair.Value)));
                break;
            case Array { Rank: 1 } tuple:
                Container(tuple, () =>
                {
                    Code('(');
                    foreach (var item in tuple)
                    {
                        Put(item);
                    }

                    Code('t');
                });
                break;
            case IList list:
                Container(list, () =>
                {
                    Code(']', '(');
                    foreach (var item in list)
                    {
                        Put(item);
                    }

                    Code('e');
                });
                break;
            default:
                throw new ArgumentException(
                    $"{value.GetType().Name} has no form in a file of PyTorch's: save tensors, dictionaries, lists, arrays, texts, numbers " +
                    $"and truth values.",
                    nameof(value));
        }
    }

    private void Dictionary(object container, IEnumerable<(object Key, object? Value)> pairs) => Container(container, () =>
    {
        Code('}', '(');
        foreach (var (key, value) in pairs)
        {
            if (key is not (string or long or int or bool or double))
            {
                throw new ArgumentException($"{key.GetType().Name} is no key of a dictionary in a file of PyTorch's: use texts or numbers.");
            }

            Put(key);
            Put(value);
        }

        Code('u');
    });

    private void Container(object container, Action put)
    {
        if (_open.Exists(outer => ReferenceEquals(outer, container)))
        {
            throw new ArgumentException("A container holds itself.");
        }

        _open.Add(container);
        put();
        _open.RemoveAt(_open.Count - 1);
    }

    private void Put(Tensor x)
    {
        if (!Storages.TryGetValue(x.DType.TorchName, out var type))
        {
            throw new ArgumentException($"A file of PyTorch's has no storage of {x.DType.TorchName}: convert the tensor first.");
        }

        var storage = x.Storage;
        if (!_places.TryGetValue(storage, out var place))
        {
            place = _storages.Count;
            _places.Add(storage, place);
            _storages.Add((storage, x.DType));
        }

        Global("torch._utils", "_rebuild_tensor_v2");
        Code('(', '(');
        Put("storage");
        Global("torch", type);
        Put(place.ToString(CultureInfo.InvariantCulture));
        Put("cpu");
        Put((long)(storage.ByteLength / x.DType.ItemSize));
        Code('t', 'Q');
        Put((long)x.Layout.Offset);
        Numbers(x.Layout.Sizes.Select(size => (long)size));
        Numbers(x.Layout.Strides.Select(stride => (long)stride));
        Code(x.IsLeaf && x.RequiresGrad ? 0x88 : 0x89);
        Global("collections", "OrderedDict");
        Code(')', 'R', 't', 'R');
    }

    private void Numbers(IEnumerable<long> numbers)
    {
        Code('(');
        foreach (var number in numbers)
        {
            Put(number);
        }

        Code('t');
    }

    private void Put(long number)
    {
        Span<byte> bytes = stackalloc byte[10];
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            bytes[0] = (byte)'J';
            BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], (int)number);
            _pickle.Write(bytes[..5]);
        }
        else
        {
            (bytes[0], bytes[1]) = (0x8a, 8);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[2..], number);
            _pickle.Write(bytes);
        }
    }

    private void Put(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[5];
        length[0] = (byte)'X';
        BinaryPrimitives.WriteInt32LittleEndian(length[1..], bytes.Length);
        _pickle.Write(length);
        _pickle.Write(bytes);
    }

    private void Global(string module, string name) => _pickle.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Code(params ReadOnlySpan<int> codes)
    {
        foreach (var code in codes)
        {
            _pickle.Write([(byte)code]);
        }
    }
}
