using System.IO.MemoryMappedFiles;

namespace Adjoint.Fuzz.Running;

/// <summary>A file that both processes have mapped: what a worker wrote there last outlives its crash.</summary>
internal sealed class CallLog : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CallLog(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 64);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The number of the call that is being made.</summary>
    public long Current
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>How many calls returned.</summary>
    public long Returned
    {
        get => _view.ReadInt64(8);
        set => _view.Write(8, value);
    }

    /// <summary>How many calls were refused with an exception that a caller may expect.</summary>
    public long Refused
    {
        get => _view.ReadInt64(16);
        set => _view.Write(16, value);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
