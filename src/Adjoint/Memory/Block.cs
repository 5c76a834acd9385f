using System.Buffers;
using System.Runtime.InteropServices;

namespace Adjoint.Memory;

/// <summary>Memory that does not move; its finaliser gives it back, so that neither tensors nor storages need one.</summary>
internal abstract unsafe class Block(byte* pointer)
{
    ~Block() => Release();

    public byte* Pointer { get; private set; } = pointer;

    public void Return()
    {
        GC.SuppressFinalize(this);
        Release();
    }

    private protected abstract void GiveBack(byte* pointer);

    private void Release()
    {
        var pointer = Pointer;
        if (pointer != null)
        {
            Pointer = null;
            GiveBack(pointer);
        }
    }
}

/// <summary>A block of the pool.</summary>
internal sealed unsafe class PoolBlock(byte* pointer, nint size) : Block(pointer)
{
    private protected override void GiveBack(byte* pointer) => BlockPool.Return(pointer, size);
}

/// <summary>Memory of the user's, which stays in place and reachable as long as a tensor is over it.</summary>
internal abstract unsafe class ForeignBlock(byte* pointer) : Block(pointer)
{
    /// <summary>The bytes, as memory that the garbage collector knows where it is the collector's.</summary>
    public abstract Span<byte> Bytes { get; }
}

/// <inheritdoc cref="ForeignBlock"/>
internal sealed unsafe class ForeignBlock<T> : ForeignBlock
    where T : unmanaged
{
    private readonly Memory<T> _memory;
    private MemoryHandle _handle;

    public ForeignBlock(Memory<T> memory)
        : this(memory, memory.Pin())
    {
    }

    private ForeignBlock(Memory<T> memory, MemoryHandle handle)
        : base((byte*)handle.Pointer)
    {
        _memory = memory;
        _handle = handle;
    }

    public override Span<byte> Bytes => MemoryMarshal.AsBytes(_memory.Span);

    private protected override void GiveBack(byte* pointer) => _handle.Dispose();
}
