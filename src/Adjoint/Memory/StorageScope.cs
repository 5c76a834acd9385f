namespace Adjoint.Memory;

/// <summary>
/// The large storages that a thread has made since some point, so that they can be given back all at once. Small ones are managed arrays, which
/// nobody has to give back, and are not noted down.
/// </summary>
internal sealed class StorageScope(StorageScope? outer)
{
    [ThreadStatic]
    private static StorageScope? t_current;

    private readonly HashSet<Storage> _storages = [];

    /// <summary>The scope that this thread's new storages belong to; null for none, and then the garbage collector has them.</summary>
    public static StorageScope? Current
    {
        get => t_current;
        set => t_current = value;
    }

    /// <summary>The scope around this one.</summary>
    public StorageScope? Outer { get; } = outer;

    public void Add(Storage storage) => _storages.Add(storage);

    /// <summary>Takes a storage out of this scope and of those around it.</summary>
    public void Spare(Storage storage)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            scope._storages.Remove(storage);
        }
    }

    /// <summary>Hands a storage over to the scope around this one; to the garbage collector if there is none.</summary>
    public void MoveOut(Storage storage)
    {
        if (_storages.Remove(storage))
        {
            Outer?.Add(storage);
        }
    }

    /// <summary>Gives back what is still here.</summary>
    public void Release()
    {
        foreach (var storage in _storages)
        {
            storage.Release();
        }

        _storages.Clear();
    }
}
