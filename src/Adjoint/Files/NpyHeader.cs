using System.Globalization;
using System.Text;

namespace Adjoint.Files;

/// <summary>
/// The header of a file of NumPy's: magic bytes, version, and a Python literal such as
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). It is read as that literal, not as Python.
/// </summary>
internal sealed class NpyHeader
{
    /// <summary>Far more than the sizes of any array need; NumPy reads 10,000.</summary>
    private const int MostText = 1 << 16;

    private static readonly (string Code, string DType)[] Codes =
    [
        ("b1", "bool"), ("u1", "uint8"), ("i1", "int8"), ("i2", "int16"), ("u2", "uint16"), ("i4", "int32"), ("u4", "uint32"), ("i8", "int64"),
        ("u8", "uint64"), ("f2", "float16"), ("f4", "float32"), ("f8", "float64"),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private readonly string _text;
    private readonly string _path;
    private int _at;

    private NpyHeader(string text, string path) => (_text, _path) = (text, path);

    public DType DType { get; private set; } = DType.Float64;

    /// <summary>Whether the bytes of an element have to be turned round.</summary>
    public bool IsBigEndian { get; private set; }

    /// <summary>Whether the first dimension runs fastest.</summary>
    public bool IsFortran { get; private set; }

    public int[] Sizes { get; private set; } = [];

    /// <summary>How many bytes it has; the elements follow.</summary>
    public int ByteLength { get; private set; }

    /// <summary>Reads a header; the elements follow in the stream.</summary>
    /// <exception cref="TensorFileException">It is none, or the elements are not numbers.</exception>
    public static NpyHeader Read(Stream stream, string path, long available, MemoryBound bound)
    {
        Span<byte> start = stackalloc byte[10];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start[..6].SequenceEqual(Magic))
        {
            throw new TensorFileException($"{path}: the magic string is not correct; a file of NumPy's begins with \\x93NUMPY.");
        }

        var length = start[8] | start[9] << 8;
        var before = start.Length;
        if (start[6] is 2 or 3 && start[7] == 0)
        {
            Span<byte> more = stackalloc byte[2];
            before += more.Length;
            length = stream.ReadAtLeast(more, 2, throwOnEndOfStream: false) == 2 ? length | more[0] << 16 | more[1] << 24 : -1;
        }
        else if (start[6] != 1 || start[7] != 0)
        {
            throw new TensorFileException($"{path}: we only support format version (1,0), (2,0), and (3,0), not ({start[6]}, {start[7]}).");
        }

        if (length is < 0 or > MostText || length > available - before)
        {
            throw new TensorFileException($"{path}: the header has no sensible length, or the file ends inside of it.");
        }

        bound.Take(4L * length);

        var bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
        {
            throw new TensorFileException($"{path}: the file ends inside of its header.");
        }

        var header = new NpyHeader((start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes), path) { ByteLength = before + length };
        header.Parse();
        return header;
    }

    /// <summary>The header of a tensor's file, as NumPy writes it: the elements begin at a multiple of 64 bytes.</summary>
    public static byte[] Write(Tensor x)
    {
        var code = Array.Find(Codes, pair => "torch." + pair.DType == x.DType.TorchName).Code
            ?? throw new DTypeException($"NumPy has no {x.DType.TorchName}. Convert the tensor first, x.To(DType.Float32).");
        var shape = x.Rank == 1 ? $"({x.Shape[0]},)" : "(" + Limits.Joined(", ", x.Shape.ToArray()) + ")";
        var text = $"{{'descr': '{(x.DType.ItemSize == 1 ? '|' : '<')}{code}', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (10 + text.Length + 1 + 63) / 64 * 64 - 10;
        var header = new byte[10 + length];
        Magic.CopyTo(header);
        (header[6], header[8], header[9]) = (1, (byte)length, (byte)(length >> 8));
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n").CopyTo(header, 10);
        return header;
    }

    private void Parse()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Expect('{');
        while (!Take('}'))
        {
            var key = Quoted();
            Expect(':');
            if (!seen.Add(key))
            {
                throw Wrong($"'{key}' is there twice");
            }

            switch (key)
            {
                case "descr":
                    ReadType();
                    break;
                case "fortran_order":
                    IsFortran = Word() switch { "True" => true, "False" => false, var word => throw Wrong($"{word} is no truth value") };
                    break;
                case "shape":
                    ReadShape();
                    break;
                default:
                    throw Wrong($"'{key}' is no part of a header");
            }

            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }

        Blank();
        if (seen.Count != 3 || _at < _text.Length)
        {
            throw Wrong("it needs descr, fortran_order and shape, and nothing else");
        }
    }

    private void ReadType()
    {
        Blank();
        if (_at < _text.Length && _text[_at] == '[')
        {
            throw Wrong("its elements are records, and a tensor has numbers. Save the fields one by one");
        }

        var code = Quoted();
        if (code is not ['<' or '>' or '|' or '=', _, ..])
        {
            throw Wrong($"descr is not a valid dtype descriptor: '{code}'");
        }

        var name = Array.Find(Codes, pair => code.AsSpan(1).SequenceEqual(pair.Code)).DType ?? throw Wrong(code[1] switch
        {
            'O' => "its elements are Python objects, which only run code can read (allow_pickle), and none is run",
            'U' or 'S' => "its elements are texts, and a tensor has numbers",
            'c' => "its elements are complex numbers, which there are not yet",
            _ => $"its elements are of type '{code}', which there is not",
        });
        IsBigEndian = code[0] == '>' && code != ">b1";
        try
        {
            DType = DType.Parse(name);
        }
        catch (DTypeException fault)
        {
            throw new TensorFileException($"{_path}: {fault.Message}", fault);
        }
    }

    private void ReadShape()
    {
        var sizes = new List<int>();
        Expect('(');
        while (!Take(')'))
        {
            var word = Word();
            word = word.EndsWith('L') ? word[..^1] : word;
            if (sizes.Count >= 64 || (word.Length > 1 && word[0] == '0')
                || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                throw Wrong($"shape is not valid: {word}");
            }

            sizes.Add(size);
            if (!Take(','))
            {
                // One number in parentheses is no tuple but a number.
                Expect(sizes.Count > 1 ? ')' : ',');
                break;
            }
        }

        Sizes = [.. sizes];
    }

    private void Blank()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\t' or '\r')
        {
            _at++;
        }
    }

    private bool Take(char wanted)
    {
        Blank();
        var isThere = _at < _text.Length && _text[_at] == wanted;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted))
        {
            throw Wrong($"'{wanted}' is missing at character {_at}");
        }
    }

    private string Quoted()
    {
        var quote = Take('"') ? '"' : '\'';
        if (quote == '\'')
        {
            Expect('\'');
        }

        var end = _text.IndexOf(quote, _at);
        var text = end < 0 ? throw Wrong("a text does not end") : _text[_at..end];
        _at = end + 1;
        return text;
    }

    private string Word()
    {
        Blank();
        var begin = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
        {
            _at++;
        }

        return _at > begin ? _text[begin.._at] : throw Wrong($"a value is missing at character {_at}");
    }

    private TensorFileException Wrong(string what) => new($"{_path}: Cannot parse header: {what}.");
}
