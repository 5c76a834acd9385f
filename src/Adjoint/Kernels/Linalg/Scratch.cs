using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>Aligned working memory for one call of a kernel, not initialised; given back when it is disposed.</summary>
internal readonly unsafe ref struct Scratch<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const nuint Alignment = 64;

    public Scratch(long count)
    {
        var bytes = checked((nuint)Math.Max(1, count) * (nuint)sizeof(T));
        try
        {
            Data = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            throw BlockPool.OutOfMemory((nint)bytes, exception);
        }
    }

    public T* Data { get; }

    public void Dispose() => NativeMemory.AlignedFree(Data);
}
