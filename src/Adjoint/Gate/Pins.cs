using System.Runtime.InteropServices;

namespace Adjoint.Gate;

/// <summary>Pointers to the first elements of up to eight tensors, which stay in place until this is disposed;
/// null for a tensor that is null.</summary>
internal readonly unsafe ref struct Pins : IDisposable
{
    private readonly Tensor?[] _tensors;
    private readonly GCHandle[] _handles;

    public Pins(params Tensor?[] tensors)
    {
        _tensors = tensors;
        _handles = new GCHandle[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            // Small storages are managed arrays; large ones do not move.
            if (tensors[i]?.Storage.Array is { } array)
            {
                _handles[i] = GCHandle.Alloc(array, GCHandleType.Pinned);
            }
        }
    }

    public byte* this[int index] => _tensors[index] is { } tensor
        ? (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref tensor.Storage.Origin) + (tensor.Layout.Offset * tensor.DType.ItemSize)
        : null;

    public void Dispose()
    {
        foreach (var handle in _handles)
        {
            if (handle.IsAllocated)
            {
                handle.Free();
            }
        }

        GC.KeepAlive(_tensors);
    }
}
