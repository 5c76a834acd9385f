using Microsoft.Win32.SafeHandles;

namespace Adjoint.Files;

/// <summary>A part of an open file, read from its beginning. Several may be read side by side.</summary>
/// <param name="handle">The file, which stays open.</param>
/// <param name="begin">The first byte.</param>
/// <param name="length">How many bytes.</param>
internal sealed class PartStream(SafeFileHandle handle, long begin, long length) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - _at);
        var count = wanted == 0 ? 0 : RandomAccess.Read(handle, buffer[..wanted], begin + _at);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
