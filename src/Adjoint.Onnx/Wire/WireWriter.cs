using System.Buffers.Binary;
using System.Text;

namespace Adjoint.Onnx.Wire;

/// <summary>
/// Writes the fields of a message in protobuf's wire form: a tag, then a number of variable length, four bytes, or a length and bytes.
/// </summary>
internal sealed class WireWriter
{
    private const int VariableKind = 0;
    private const int LengthKind = 2;
    private const int FourKind = 5;

    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>A whole number.</summary>
    public void Number(int field, long value)
    {
        Variable(Tag(field, VariableKind));
        Variable((ulong)value);
    }

    /// <summary>A float.</summary>
    public void Float(int field, float value)
    {
        Variable(Tag(field, FourKind));
        BinaryPrimitives.WriteSingleLittleEndian(Take(sizeof(float)), value);
    }

    /// <summary>Text.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Variable(Tag(field, LengthKind));
        Variable((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>A message inside of this one.</summary>
    public void Message(int field, Action<WireWriter> write)
    {
        var inner = new WireWriter();
        write(inner);
        Bytes(field, inner.Written);
    }

    private static ulong Tag(int field, int kind) => ((ulong)field << 3) | (uint)kind;

    private void Variable(ulong value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    private Span<byte> Take(int count)
    {
        // A model is one message, whose length protobuf keeps in 31 bits.
        var needed = (long)_length + count;
        if (needed > Array.MaxLength)
        {
            throw new OnnxException(
                "A model of more than 2 GB does not fit one file of ONNX, and external data is not written. Write its parts as models of their " +
                "own, or its parameters in a shorter dtype.");
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        }

        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
