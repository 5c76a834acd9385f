using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Families;
using Adjoint.Tape;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Engine;

/// <summary>Keeps saved tensors in files.</summary>
/// <param name="folder">Where.</param>
/// <param name="smallest">Tensors of fewer bytes stay in memory.</param>
internal sealed class DiskHooks(string folder, long smallest) : SavedHooks
{
    public override Packed? Pack(Tensor tensor)
    {
        var bytes = tensor.Count * tensor.DType.ItemSize;

        // A span, and one call of the system, end at 2 GB.
        return tensor.IsLeaf || bytes < Math.Max(1, smallest) || tensor.Storage.ByteLength > int.MaxValue
            ? null
            : new DiskPacked(tensor, new DiskFile(folder, tensor));
    }

    private sealed class DiskPacked(Tensor tensor, DiskFile file) : Packed(tensor)
    {
        public override string Form => "file";

        public override long HeldBytes => 0;

        public override void Release() => file.Dispose();

        private protected override Tensor Unpack(string name)
        {
            var read = Op.Fresh(Layout, DType);
            file.Read(read);
            return read;
        }
    }
}

/// <summary>
/// The elements of one tensor in a temporary file that only this process can read. Its name is gone before anything is written, where the system can
/// do without one; elsewhere the system deletes it with the last handle. So whatever ends the process ends the file, and so does the collector, for
/// graphs that nobody runs backward.
/// </summary>
internal sealed class DiskFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly uint _checksum;
    private int _isDeleted;

    public DiskFile(string folder, Tensor tensor)
    {
        _path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".saved");
        _file = Create(_path);
        try
        {
            var dense = Op.Contiguous(tensor);
            var bytes = Bytes(dense);
            RandomAccess.Write(_file, bytes, 0);
            _checksum = Checksum(bytes);
            GC.KeepAlive(dense);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads into a dense tensor of the same shape and dtype.</summary>
    /// <exception cref="IOException">The file cannot be read, or does not hold what was written.</exception>
    public void Read(Tensor tensor)
    {
        if (Volatile.Read(ref _isDeleted) != 0)
        {
            throw Saved.Freed();
        }

        var bytes = Bytes(tensor);
        var at = 0;
        while (at < bytes.Length)
        {
            var count = RandomAccess.Read(_file, bytes[at..], at);
            at += count > 0 ? count : throw new EndOfStreamException($"The file '{_path}' of a saved tensor was cut short.");
        }

        if (RandomAccess.GetLength(_file) != bytes.Length || Checksum(bytes) != _checksum)
        {
            throw new IOException($"The file '{_path}' of a saved tensor does not hold what was written to it.");
        }

        GC.KeepAlive(tensor);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDeleted, 1) == 0)
        {
            _file.Dispose();
        }
    }

    private static SafeFileHandle Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }

        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).SafeFileHandle;
        try
        {
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static Span<byte> Bytes(Tensor dense)
    {
        var size = dense.DType.ItemSize;
        return dense.Storage.AsSpan<byte>().Slice(checked((int)(dense.Layout.Offset * size)), checked((int)(dense.Count * size)));
    }

    /// <summary>CRC-32C, which finds every change of up to 32 bits in a row.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
