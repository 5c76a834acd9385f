using System.IO.MemoryMappedFiles;
using Adjoint.Memory;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Files;

/// <summary>The pages of a file as memory of tensors. Changes stay in memory. The map lasts as long as a tensor is in it.</summary>
internal sealed unsafe class FileMap
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _origin;

    /// <summary>Maps a file from its first byte on.</summary>
    public FileMap(SafeFileHandle handle, long length)
    {
        using var file = MemoryMappedFile.CreateFromFile(
            handle, mapName: null, capacity: 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _origin = pointer + _view.PointerOffset;
    }

    /// <summary>Nobody has a tensor in it any more.</summary>
    ~FileMap()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.SafeMemoryMappedViewHandle.Dispose();
    }

    /// <summary>Memory that is a part of the file.</summary>
    public Storage Over(long first, nint length) => Storage.Over(new Part(this, _origin + first), length);

    /// <summary>A part, which keeps the map.</summary>
    private sealed class Part(FileMap map, byte* pointer) : Block(pointer)
    {
        private FileMap? _map = map;

        private protected override void GiveBack(byte* pointer) => _map = null;
    }
}
