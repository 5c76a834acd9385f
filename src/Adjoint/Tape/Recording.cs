using Adjoint.Memory;

namespace Adjoint.Tape;

/// <summary>
/// Whether operations are recorded. The choice follows <c>await</c>: it lives in an <see cref="AsyncLocal{T}"/> that mirrors itself into a
/// thread-static field, which is all the hot path reads. Choices lie on each other as scopes do: ending one ends those inside of it, and ending one
/// that has ended already, or that another flow made, changes nothing.
/// </summary>
internal static class Recording
{
    private static readonly AsyncLocal<Choice?> Flow = new(static change => s_off = change.CurrentValue is { IsOff: true });

    private static readonly WeakReference<object> Nobody = new(null!);

    [ThreadStatic]
    private static bool s_off;

    private static long s_sequence;

    [ThreadStatic]
    private static long t_next;

    [ThreadStatic]
    private static long t_end;

    /// <summary>Whether operations on tensors that require grad are recorded here and now.</summary>
    public static bool IsOn => !s_off;

    /// <summary>Sets the mode for the rest of this logical flow; returns what <see cref="Restore"/> takes.</summary>
    /// <param name="on">Whether to record.</param>
    /// <param name="isInference">Likewise whether inference mode is on; null to leave it as it is.</param>
    /// <param name="holder">Who can end the choice; null for somebody who will. When nobody holds it any more, the choice is forgotten.</param>
    public static Choice Set(bool on, bool? isInference = null, object? holder = null)
    {
        var outer = Flow.Value;
        while (outer is { Holder: { } weak } && !weak.TryGetTarget(out _))
        {
            outer = outer.Outer;
        }

        bool? inferenceBefore = isInference is { } inference ? Inference.Set(inference) : null;
        var choice = new Choice(
            !on, s_off, Flow.Value is { IsOff: true }, inferenceBefore, holder is null ? null : new WeakReference<object>(holder), outer);
        Flow.Value = choice;
        s_off = !on;
        return choice;
    }

    /// <summary>Ends a choice, and those that were made inside of it and have not ended.</summary>
    public static void Restore(Choice choice)
    {
        var top = Flow.Value;
        var open = top;
        while (open is not null && !ReferenceEquals(open, choice))
        {
            open = open.Outer;
        }

        if (open is null)
        {
            return;
        }

        for (; !ReferenceEquals(top, choice.Outer); top = top!.Outer)
        {
            if (top!.InferenceBefore is { } inference)
            {
                Inference.Set(inference);
            }
        }

        // Inside a backward pass the thread may differ from its flow. A value of
        // its own then makes the runtime say so when the thread leaves the flow.
        Flow.Value = choice.IsOffBefore == choice.Outer is { IsOff: true } && choice.IsOffBefore == choice.IsOffHereBefore ? choice.Outer
            : new Choice(choice.IsOffBefore, choice.IsOffBefore, choice.IsOffBefore, null, Nobody, choice.Outer);
        s_off = choice.IsOffHereBefore;
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

    /// <summary>What one scope chose.</summary>
    /// <param name="IsOff">Whether nothing is recorded.</param>
    /// <param name="IsOffHereBefore">What held on the thread before.</param>
    /// <param name="IsOffBefore">What held in the logical flow before.</param>
    /// <param name="InferenceBefore">Whether inference mode was on before; null if this does not choose that.</param>
    /// <param name="Holder">Who can end it; null for somebody who will.</param>
    /// <param name="Outer">The choice that this one lies in.</param>
    public sealed record Choice(
        bool IsOff, bool IsOffHereBefore, bool IsOffBefore, bool? InferenceBefore, WeakReference<object>? Holder, Choice? Outer);

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
