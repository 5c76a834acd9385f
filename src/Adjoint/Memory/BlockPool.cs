using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Adjoint.Memory;

/// <summary>
/// Large blocks of native memory, 64-byte aligned and reused by size class. Fresh pages are what makes large arrays slow (a page
/// fault for each 4 KB), so blocks go back to a last-in-first-out list rather than to the system.
/// <para>
/// A block returns when its <see cref="Block"/> is finalised or given back early. The garbage collector does not see native bytes, so the
/// pool asks it to collect once the bytes in use have grown by a budget: memory stays flat without any <c>Dispose</c>. What is given back early is no
/// growth, so that loops in a scope cause no collection, and up to the level that a collection has lately shown to be needed nothing is asked for.
/// </para>
/// </summary>
internal static unsafe class BlockPool
{
    /// <summary>Bytes that may become garbage between two collections when little is live.</summary>
    private const long MinimumBudget = 32L << 20;

    private const nuint Alignment = 64;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<nint, Stack<nint>> Free = [];
    private static long s_liveBytes;
    private static long s_freeBytes;
    private static long s_peakLiveBytes;
    private static long s_highWater;

    /// <summary>The least that was live since the last collection: what is live above it may be garbage.</summary>
    private static long s_base;

    /// <summary>The most that was live after a collection, lately.</summary>
    private static long s_needed;
    private static int s_collecting;

    [ThreadStatic]
    private static long t_rented;

    private static int s_collections;

    /// <summary>Bytes of blocks in use.</summary>
    public static long LiveBytes => Interlocked.Read(ref s_liveBytes);

    /// <summary>Bytes of blocks kept for reuse.</summary>
    public static long FreeBytes => Interlocked.Read(ref s_freeBytes);

    /// <summary>The numbers that users see.</summary>
    public static MemoryStatistics Statistics
    {
        get
        {
            lock (Gate)
            {
                return new(s_liveBytes, s_freeBytes, Math.Max(s_peakLiveBytes, s_liveBytes), Volatile.Read(ref s_collections));
            }
        }
    }

    /// <summary>Bytes of blocks that this thread has rented so far.</summary>
    public static long RentedByThread => t_rented;

    public static Block Rent(nint byteLength)
    {
        var size = SizeClass(byteLength);
        CollectWhenDue();
        var pointer = Take(size);
        if (pointer == 0)
        {
            pointer = Allocate(size, byteLength);
        }

        t_rented += size;
        return new PoolBlock((byte*)pointer, size);
    }

    /// <summary>A new block, if need be after giving the system back what is kept for reuse.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    private static nint Allocate(nint size, nint byteLength)
    {
        if (IsBeyondMachine(size))
        {
            throw OutOfMemory(byteLength, null);
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var pointer = (nint)NativeMemory.AlignedAlloc((nuint)size, Alignment);
                lock (Gate)
                {
                    s_liveBytes += size;
                }

                return pointer;
            }
            catch (OutOfMemoryException) when (attempt == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Trim();
            }
            catch (OutOfMemoryException exception)
            {
                throw OutOfMemory(byteLength, exception);
            }
        }
    }

    /// <summary>
    /// Whether the machine, or the container, does not have so much: some systems promise any amount, and end the process when it is written to.
    /// </summary>
    private static bool IsBeyondMachine(nint size)
    {
        const nint worthAsking = 1 << 28;

        // In a container this is three quarters of what it may use.
        return size >= worthAsking && GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes is > 0 and var available && size / 4 * 3 > available;
    }

    /// <summary>The error that there is no more memory, in PyTorch's words.</summary>
    [SuppressMessage("Usage", "CA2201", Justification = "It is what the allocator of the runtime throws; this one says how much was asked for.")]
    internal static OutOfMemoryException OutOfMemory(nint byteLength, Exception? cause) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"DefaultCPUAllocator: can't allocate memory: you tried to allocate {byteLength} bytes. Error code 12 (Cannot allocate memory). " +
            $"Tensors hold {LiveBytes} bytes: let go of some, use a TensorScope, or work on parts."),
        cause);

    /// <summary>Frees all blocks that are kept for reuse.</summary>
    public static void Trim()
    {
        lock (Gate)
        {
            foreach (var stack in Free.Values)
            {
                while (stack.TryPop(out var pointer))
                {
                    NativeMemory.AlignedFree((void*)pointer);
                }
            }

            s_freeBytes = 0;
        }
    }

    internal static void Return(byte* pointer, nint size)
    {
        lock (Gate)
        {
            s_peakLiveBytes = Math.Max(s_peakLiveBytes, s_liveBytes);
            s_highWater = Math.Max(s_highWater, s_liveBytes);
            s_liveBytes -= size;
            s_base = Math.Min(s_base, s_liveBytes);

            // Keep no more than was lately needed at once; the rest goes back to the system.
            if (s_freeBytes + s_liveBytes + size <= s_highWater + MinimumBudget)
            {
                if (!Free.TryGetValue(size, out var stack))
                {
                    Free[size] = stack = new Stack<nint>();
                }

                stack.Push((nint)pointer);
                s_freeBytes += size;
                return;
            }
        }

        NativeMemory.AlignedFree(pointer);
    }

    /// <summary>
    /// Forgets half of how far the highest levels lay above what is live now, and frees what is kept beyond: one large piece of work
    /// does not hold memory for the rest of the process.
    /// </summary>
    private static void LowerLevels()
    {
        lock (Gate)
        {
            s_base = s_liveBytes;
            s_needed = Math.Max(s_liveBytes, s_needed - ((s_needed - s_liveBytes) / 2));
            s_highWater -= (s_highWater - s_liveBytes) / 2;
            FreeBeyondHighWater(0);
        }
    }

    /// <summary>Gives the system back what is kept beyond the highest level. Under <see cref="Gate"/>.</summary>
    /// <param name="coming">Bytes that will be live in a moment.</param>
    private static void FreeBeyondHighWater(nint coming)
    {
        var live = s_liveBytes + coming;
        var most = Math.Max(s_highWater, live) + MinimumBudget;
        if (s_freeBytes + live <= most)
        {
            return;
        }

        foreach (var (size, stack) in Free)
        {
            while (s_freeBytes + live > most && stack.TryPop(out var pointer))
            {
                NativeMemory.AlignedFree((void*)pointer);
                s_freeBytes -= size;
            }
        }
    }

    private static nint Take(nint size)
    {
        lock (Gate)
        {
            if (Free.TryGetValue(size, out var stack) && stack.TryPop(out var pointer))
            {
                s_liveBytes += size;
                s_freeBytes -= size;
                return pointer;
            }

            // A new block, counted when it is there: kept ones of other sizes make room for it.
            FreeBeyondHighWater(size);
            return 0;
        }
    }

    /// <summary>Four classes to each power of two, so that at most a fifth of a block is unused.</summary>
    private static nint SizeClass(nint byteLength)
    {
        var power = (nint)1 << (63 - (int)nint.LeadingZeroCount(byteLength));
        var step = power / 4;
        return (byteLength + step - 1) / step * step;
    }

    private static void CollectWhenDue()
    {
        var live = Interlocked.Read(ref s_liveBytes);
        var before = Interlocked.Read(ref s_base);
        if (live < Math.Max(before + (before / 2), Math.Max(before, Interlocked.Read(ref s_needed)) + MinimumBudget)
            || Interlocked.CompareExchange(ref s_collecting, 1, 0) != 0)
        {
            return;
        }

        try
        {
            // Young garbage first; older generations only while the young ones do not bring the bytes down. What was promoted by chance
            // would stay for ever that way, so every eighth collection is a full one.
            var first = ++s_collections % 8 == 0 ? GC.MaxGeneration : 0;
            for (var generation = first; generation <= GC.MaxGeneration; generation++)
            {
                GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
                if (Interlocked.Read(ref s_liveBytes) <= before + (MinimumBudget / 2))
                {
                    break;
                }
            }

            LowerLevels();
        }
        finally
        {
            Volatile.Write(ref s_collecting, 0);
        }
    }
}
