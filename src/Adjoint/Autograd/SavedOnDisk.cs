using System.Collections.Concurrent;
using Adjoint.Ops.Families;

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
/// The elements of one tensor in a temporary file. The finaliser stands for graphs that nobody runs backward; the list of names for the end of the
/// program, where no finaliser runs.
/// </summary>
internal sealed class DiskFile : IDisposable
{
    private static readonly ConcurrentDictionary<string, bool> Alive = new();

    private readonly string _path;
    private int _isDeleted;

    static DiskFile() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var path in Alive.Keys)
        {
            Delete(path);
        }
    };

    public DiskFile(string folder, Tensor tensor)
    {
        _path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".saved");
        var written = _path + ".part";
        Alive[written] = true;
        Alive[_path] = true;
        try
        {
            var dense = Op.Contiguous(tensor);
            using (var file = File.OpenHandle(written, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, Bytes(dense), 0);
            }

            GC.KeepAlive(dense);
            File.Move(written, _path);
        }
        catch
        {
            Delete(written);
            Dispose();
            throw;
        }
        finally
        {
            Alive.TryRemove(written, out _);
        }
    }

    ~DiskFile() => Dispose();

    /// <summary>Reads into a dense tensor of the same shape and dtype.</summary>
    public void Read(Tensor tensor)
    {
        if (Volatile.Read(ref _isDeleted) != 0)
        {
            throw Saved.Freed();
        }

        using (var file = File.OpenHandle(_path))
        {
            var bytes = Bytes(tensor);
            var at = 0;
            while (at < bytes.Length)
            {
                var count = RandomAccess.Read(file, bytes[at..], at);
                at += count > 0 ? count : throw new EndOfStreamException($"The file '{_path}' of a saved tensor was cut short.");
            }
        }

        GC.KeepAlive(tensor);
        GC.KeepAlive(this);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _isDeleted, 1) == 0)
        {
            Delete(_path);
            Alive.TryRemove(_path, out _);
        }
    }

    private static Span<byte> Bytes(Tensor dense)
    {
        var size = dense.DType.ItemSize;
        return dense.Storage.AsSpan<byte>().Slice(checked((int)(dense.Layout.Offset * size)), checked((int)(dense.Count * size)));
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever holds it open, such as a scanner, must not fail a backward pass.
        }
    }
}
