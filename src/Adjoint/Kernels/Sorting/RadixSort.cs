using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// A stable sort of 64-bit numbers by their upper halves. The lower halves are the places that elements had, so where there are few, any sort
/// will do, and where there are many, each byte of the upper half is one pass: how often each of its values occurs, where each begins, and a move
/// there. Threads count and move chunks of their own; where a chunk's elements go follows from all counts, so the order never depends on the
/// threads.
/// </summary>
internal static unsafe class RadixSort
{
    private const int Few = 256;
    private const int Buckets = 256;
    private const int FewestOfThread = 32 * 1024;

    /// <summary>Sorts.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="scratch">As much memory.</param>
    /// <param name="n">How many there are.</param>
    /// <param name="isShared">Whether threads may share the work.</param>
    /// <returns>Where the sorted numbers are: one of both.</returns>
    public static ulong* ByUpperHalf(ulong* x, ulong* scratch, int n, bool isShared)
    {
        if (n < Few)
        {
            new Span<ulong>(x, n).Sort();
            return x;
        }

        var parts = isShared ? Math.Clamp(n / FewestOfThread, 1, Team.MaxThreads) : 1;
        fixed (int* counts = new int[parts * Buckets])
        {
            for (var shift = 32; shift < 64; shift += 8)
            {
                Team.Run(parts, parts > 1, Counting(x, n, shift, counts, parts));
                if (Begin(counts, parts, n))
                {
                    Team.Run(parts, parts > 1, Moving(x, scratch, n, shift, counts, parts));
                    var moved = scratch;
                    scratch = x;
                    x = moved;
                }
            }
        }

        return x;
    }

    private static Action<int> Counting(ulong* x, int n, int shift, int* counts, int parts) => part =>
        Count(x, Start(n, part, parts), Start(n, part + 1, parts), shift, counts + (part * Buckets));

    private static Action<int> Moving(ulong* x, ulong* to, int n, int shift, int* counts, int parts) => part =>
        Move(x, to, Start(n, part, parts), Start(n, part + 1, parts), shift, counts + (part * Buckets));

    private static int Start(int n, int part, int parts) => (int)((long)n * part / parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count(ulong* x, int start, int end, int shift, int* counts)
    {
        new Span<int>(counts, Buckets).Clear();
        for (var i = start; i < end; i++)
        {
            counts[(byte)(x[i] >> shift)]++;
        }
    }

    /// <summary>Makes places of counts: where each value of each chunk begins.</summary>
    /// <returns>False if all have one value, so that nothing moves.</returns>
    private static bool Begin(int* counts, int parts, int n)
    {
        var place = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var first = place;
            for (var part = 0; part < parts; part++)
            {
                ref var count = ref counts[(part * Buckets) + bucket];
                (count, place) = (place, place + count);
            }

            if (place - first == n)
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(ulong* x, ulong* to, int start, int end, int shift, int* places)
    {
        for (var i = start; i < end; i++)
        {
            to[places[(byte)(x[i] >> shift)]++] = x[i];
        }
    }
}
