using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Onnx.Wire;

/// <summary>
/// Reads the fields of a message in protobuf's wire form. Nothing is copied and no length is believed: what it says has to lie inside of the message.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _kind;
    private ulong _number;
    private ReadOnlySpan<byte> _content;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>Its content, of a field with a length.</summary>
    public readonly ReadOnlySpan<byte> Content => _kind == 2 ? _content : throw Wrong();

    /// <summary>Its whole number.</summary>
    public readonly long Number => _kind == 0 ? (long)_number : throw Wrong();

    /// <summary>Its float.</summary>
    public readonly float Float => _kind == 5 ? BinaryPrimitives.ReadSingleLittleEndian(_content) : throw Wrong();

    /// <summary>Its text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Content);

    /// <summary>Reads the next field; false at the end of the message.</summary>
    public bool Next()
    {
        if (_at == _bytes.Length)
        {
            return false;
        }

        var tag = Variable();
        Field = tag >> 3 is var field and > 0 and < (1 << 29) ? (int)field : throw Wrong();
        _kind = (int)(tag & 7);
        _content = default;
        _number = 0;
        switch (_kind)
        {
            case 0:
                _number = Variable();
                break;
            case 1:
                _content = Take(8);
                break;
            case 2:
                _content = Take(Variable());
                break;
            case 5:
                _content = Take(4);
                break;
            default:
                throw Wrong();
        }

        return true;
    }

    /// <summary>Adds the whole numbers of a repeated field, which come one by one or in one piece.</summary>
    public readonly void Numbers(List<long> to)
    {
        if (_kind == 0)
        {
            to.Add((long)_number);
            return;
        }

        var inner = new WireReader(Content);
        while (inner._at < inner._bytes.Length)
        {
            to.Add((long)inner.Variable());
        }
    }

    /// <summary>Adds the floats of a repeated field, likewise.</summary>
    public readonly void Floats(List<float> to)
    {
        if (_kind == 5)
        {
            to.Add(Float);
            return;
        }

        var content = Content;
        for (var at = 0; at < content.Length; at += sizeof(float))
        {
            to.Add(content.Length - at >= sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(content[at..]) : throw Wrong());
        }
    }

    /// <summary>Adds the doubles of a repeated field, likewise.</summary>
    public readonly void Doubles(List<double> to)
    {
        var content = _kind == 1 ? _content : Content;
        for (var at = 0; at < content.Length; at += sizeof(double))
        {
            to.Add(content.Length - at >= sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(content[at..]) : throw Wrong());
        }
    }

    private static OnnxException Wrong() => new("The file is not an ONNX model, or it is damaged: a field is not what its place prescribes.");

    private ulong Variable()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _bytes.Length)
            {
                throw Wrong();
            }

            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Wrong();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at))
        {
            throw Wrong();
        }

        var content = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return content;
    }
}
