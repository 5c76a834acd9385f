using System.Runtime.InteropServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>
/// The scratch memory of one thread for packed operands: native, 64-byte aligned, kept from call to call.
/// </summary>
/// <remarks>A thread that ends drops its buffer, and the finaliser returns the memory.</remarks>
internal sealed unsafe class GemmBuffer
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static GemmBuffer? s_mine;

    private void* _memory;
    private nuint _bytes;

    private GemmBuffer()
    {
    }

    ~GemmBuffer() => NativeMemory.AlignedFree(_memory);

    /// <summary>
    /// At least <paramref name="bytes"/> bytes that belong to the calling thread until its next call of this method.
    /// </summary>
    /// <exception cref="OutOfMemoryException">The memory could not be had.</exception>
    public static void* Rent(nuint bytes)
    {
        var mine = s_mine ??= new GemmBuffer();
        if (mine._bytes < bytes)
        {
            mine.Grow(bytes);
        }

        return mine._memory;
    }

    /// <summary><paramref name="bytes"/> rounded up so that what follows in the buffer is aligned too.</summary>
    public static nuint Round(nuint bytes) => (bytes + Alignment - 1) & ~(Alignment - 1);

    private void Grow(nuint bytes)
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _bytes = 0;
        try
        {
            _memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            throw BlockPool.OutOfMemory((nint)bytes, exception);
        }

        _bytes = bytes;
    }
}
