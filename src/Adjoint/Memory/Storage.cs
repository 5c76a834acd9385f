using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Memory;

/// <summary>
/// The bytes behind one or more tensors, with the version that in-place operators raise. Small storages are plain managed arrays;
/// large ones are aligned blocks of the pool.
/// </summary>
internal sealed unsafe class Storage
{
    /// <summary>From this many bytes on a storage is a pool block: below it the garbage collector is quicker than any pool.</summary>
    public const nint SmallBytes = 16 * 1024;

    // The depth of transforms that fits the byte that the other fields leave; beyond it a change may be refused that is allowed.
    private const int DeepestKept = byte.MaxValue;

    private byte[]? _bytes;
    private Block? _block;
    private bool _isLent;
    private bool _isAbandoned;

    private Storage(nint byteLength)
    {
        ByteLength = byteLength;
        if (Inference.IsUsed && Inference.IsOn)
        {
            IsInference = true;
        }

        if (TransformDepth.IsUsed)
        {
            Depth = (byte)Math.Min(TransformDepth.Here, DeepestKept);
        }
    }

    private Storage(nint byteLength, bool zeroed)
        : this(byteLength)
    {
        if (byteLength < SmallBytes)
        {
            _bytes = zeroed
                ? new byte[(int)byteLength]
                : Spare((int)byteLength) ?? GC.AllocateUninitializedArray<byte>((int)byteLength);
        }
        else
        {
            _block = BlockPool.Rent(byteLength);
            StorageScope.Current?.Add(this);
            if (zeroed)
            {
                NativeMemory.Clear(_block.Pointer, (nuint)byteLength);
            }
        }
    }

    private Storage(nint byteLength, Block block)
        : this(byteLength) => _block = block;

    public nint ByteLength { get; }

    /// <summary>The managed array that a small storage is, which has to be pinned; null for a block.</summary>
    public byte[]? Array => _bytes;

    /// <summary>How often the contents were changed in place; all views of the storage share it.</summary>
    public int Version { get; set; }

    /// <summary>How many transforms were running around the code that made it.</summary>
    public byte Depth { get; }

    /// <summary>Whether it was made in inference mode. Views of it are inference tensors wherever they are made.</summary>
    public bool IsInference { get; }

    /// <summary>The first byte. Pin it with <c>fixed</c> before taking a pointer: small storages are managed.</summary>
    public ref byte Origin
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_bytes is { } bytes)
            {
                return ref MemoryMarshal.GetArrayDataReference(bytes);
            }

            return ref *Pointer();
        }
    }

    /// <summary>Storage whose contents are whatever was there before.</summary>
    public static Storage Allocate(nint byteLength) => new(byteLength, zeroed: false);

    public static Storage AllocateZeroed(nint byteLength) => new(byteLength, zeroed: true);

    /// <summary>Storage in memory of the user's, not copied. There is at least one element.</summary>
    public static Storage Over<T>(Memory<T> memory)
        where T : unmanaged => new((nint)memory.Length * sizeof(T), new ForeignBlock<T>(memory));

    /// <summary>Storage in memory that somebody else has made.</summary>
    public static Storage Over(Block block, nint byteLength) => new(byteLength, block);

    /// <summary>All elements. The storage must stay reachable while the span is in use.</summary>
    public Span<T> AsSpan<T>()
        where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref Origin), checked((int)(ByteLength / sizeof(T))));

    /// <summary>Some of the elements. The storage must stay reachable while the span is in use.</summary>
    public Span<T> AsSpan<T>(nint first, int length)
        where T : unmanaged
    {
        Limits.ThrowIfNegative(first);
        Limits.ThrowIfNegative(length);
        Limits.ThrowIfGreaterThan(first, (ByteLength / sizeof(T)) - length);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<byte, T>(ref Origin), first), length);
    }

    /// <summary>
    /// Some of the elements, for code that may keep the span longer than anything else of this storage. A span keeps managed memory alive, but not a
    /// block: what lies in one moves to a managed array here, once, and stays there.
    /// </summary>
    public ReadOnlySpan<T> Lend<T>(nint first, int length)
        where T : unmanaged
    {
        if (_block is ForeignBlock foreign)
        {
            return MemoryMarshal.Cast<byte, T>(foreign.Bytes).Slice((int)first, length);
        }

        lock (this)
        {
            _isLent = true;
            if (_bytes is null)
            {
                // Pinned for good: a kernel that is running on another thread may take its address at any time.
                var bytes = GC.AllocateUninitializedArray<byte>(checked((int)ByteLength), pinned: true);
                new ReadOnlySpan<byte>(Pointer(), bytes.Length).CopyTo(bytes);
                _bytes = bytes;
            }
        }

        return AsSpan<T>(first, length);
    }

    /// <summary>
    /// Gives the bytes back before the garbage collector finds them. Only for storages that no tensor a user holds can name;
    /// reading one afterwards throws.
    /// </summary>
    public void Release()
    {
        if (_isLent)
        {
            // Spans may still be over the array.
            _bytes = null;
        }
        else if (_bytes is { Length: >= SpareArrays.Smallest })
        {
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            {
                SpareArrays.Give(bytes);
            }

            return;
        }

        if (Interlocked.Exchange(ref _block, null) is { } block)
        {
            block.Return();
        }
    }

    /// <summary>Lets go of the bytes: what they were is known under another name, and reading them throws from here on.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        _bytes = null;
        _block = null;
    }

    private static byte[]? Spare(int length) => length < SpareArrays.Smallest ? null : SpareArrays.Take(length);

    private byte* Pointer() =>
        // A block whose finaliser has run has none: only a finaliser of the user's can come so late.
        _block is { } block && block.Pointer is var pointer && pointer != null ? pointer
        : _isAbandoned ? throw new AutogradException(
            "Vmap, Jvp: inplace arithmetic is not possible on a tensor of which an older view is used afterwards, where what is written is " +
            "followed and the tensor was not. Make the view after the change: it shows the new values.")
        : throw new ObjectDisposedException(
            "Tensor",
            "The memory of this tensor was already given back, because the TensorScope that it was made in has ended, or a finaliser reads it " +
            "after the garbage collector has let it go. Hand what you still need to scope.Keep(x) before.");
}
