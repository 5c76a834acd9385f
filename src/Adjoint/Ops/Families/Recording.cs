namespace Adjoint.Ops.Families;

/// <summary>
/// Whether operations are recorded. The choice follows <c>await</c>: it lives in an <see cref="AsyncLocal{T}"/> that mirrors itself into a
/// thread-static field, which is all the hot path reads.
/// </summary>
internal static class Recording
{
    private static readonly AsyncLocal<bool> Suspended = new(static change => s_off = change.CurrentValue);

    [ThreadStatic]
    private static bool s_off;

    private static long s_sequence;

    [ThreadStatic]
    private static long t_next;

    [ThreadStatic]
    private static long t_end;

    /// <summary>Whether operations on tensors that require grad are recorded here and now.</summary>
    public static bool IsOn => !s_off;

    /// <summary>Sets the mode for the rest of this logical flow; returns what it was.</summary>
    public static Mode Set(bool on)
    {
        var before = new Mode(s_off, Suspended.Value);
        Suspended.Value = !on;
        s_off = !on;
        return before;
    }

    /// <summary>Puts back what <see cref="Set"/> returned.</summary>
    public static void Restore(Mode before)
    {
        Suspended.Value = before.Flow;

        // Inside a backward pass the thread may differ from its flow.
        s_off = before.Here;
    }

    /// <summary>Sets the mode for synchronous code on this thread only; the caller puts it back. Cheaper than <see cref="Set"/>.</summary>
    public static bool SetHere(bool on)
    {
        var before = IsOn;
        s_off = !on;
        return before;
    }

    /// <summary>
    /// A number larger than that of every node this thread has seen, so that later operations run backward first. Threads take numbers in blocks:
    /// one shared counter would be written by all of them at every operation.
    /// </summary>
    public static long NextSequence(long floor)
    {
        if (t_next >= t_end || t_next <= floor)
        {
            Refill(floor);
        }

        return t_next++;
    }

    /// <summary>Makes the next number of this thread larger than all that any thread has taken.</summary>
    public static void StartAfterOthers() => t_end = 0;

    /// <summary>Whether recording is off, here and in the logical flow; the default is on.</summary>
    public readonly record struct Mode(bool Here, bool Flow);

    private static void Refill(long floor)
    {
        const long block = 1024;
        long start;
        do
        {
            start = Interlocked.Add(ref s_sequence, block) - block + 1;
        }
        while (start <= floor);

        t_next = start;
        t_end = start + block;
    }
}
