namespace Adjoint.Allocation;

/// <summary>Counts the bytes that a piece of code allocates on the managed heap.</summary>
public static class Meter
{
    /// <summary>
    /// The bytes that one run of <paramref name="action"/> allocates on this thread, once it is warm: the smallest of
    /// several runs, because the JIT and the runtime's own bookkeeping may add to any single one.
    /// </summary>
    public static long Bytes(Action action)
    {
        const int runs = 8;
        var least = long.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
