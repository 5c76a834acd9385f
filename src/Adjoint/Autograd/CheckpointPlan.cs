namespace Adjoint.Engine;

/// <summary>What one segment was measured to cost. Tensors at boundaries between segments are counted there, not in the segments.</summary>
/// <param name="Inner">The bytes it saves, without its input and its result.</param>
/// <param name="Input">The bytes of its input.</param>
/// <param name="SavesInput">It saves its input.</param>
/// <param name="SavesOutput">It saves its result.</param>
/// <param name="Output">The bytes of its result.</param>
/// <param name="Time">How long it takes to compute again.</param>
internal readonly record struct SegmentCost(long Inner, long Input, bool SavesInput, bool SavesOutput, long Output, long Time);

/// <summary>
/// Chooses which segments of a sequence to compute again, so that the least time is lost and saved bytes stay within a budget at every moment.
/// <para>
/// Segments are decided in order. What the first i hold is the inner bytes of those that are kept, and each boundary that somebody needs: the input
/// of one computed again, or what a kept one saves of its input or result. While segment i is computed again in the backward pass, later ones are
/// gone, so what counts is what the first i hold and the inner bytes of i. A state is what is held so far, the time lost so far, and whether the last
/// boundary is paid for; states that another one beats in all three are dropped. That is exact; where more than 4096 states remain, held bytes are
/// rounded up to a 4096th of the budget, which keeps within it but may lose a little time.
/// </para>
/// </summary>
internal static class CheckpointPlan
{
    private const int MostStates = 4096;

    /// <summary>Which segments to compute again; null if no choice stays within the budget.</summary>
    public static bool[]? Choose(IReadOnlyList<SegmentCost> segments, long budget)
    {
        List<State> states = [new State(0, 0, IsPaid: false, Recomputes: false, null)];
        for (var i = 0; i < segments.Count; i++)
        {
            var next = new List<State>();
            foreach (var state in states)
            {
                Extend(next, state, segments[i], i == segments.Count - 1, budget);
            }

            states = Best(next, budget);
        }

        if (states.Count == 0)
        {
            return null;
        }

        var best = states.MinBy(state => (state.Time, state.Held))!;
        var choice = new bool[segments.Count];
        var last = best;
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            choice[i] = last!.Recomputes;
            last = last.Before;
        }

        return choice;
    }

    /// <summary>The smallest budget that some choice stays within.</summary>
    public static long Least(IReadOnlyList<SegmentCost> segments)
    {
        long low = 0;
        var high = segments.Sum(segment => segment.Inner + segment.Input + segment.Output);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Choose(segments, middle) is null ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static void Extend(List<State> next, State state, SegmentCost segment, bool isLast, long budget)
    {
        var free = state.Held;
        var withInput = free + (state.IsPaid ? 0 : segment.Input);

        // Computed again: the input stays; all that it saves is there for a while.
        var peak = withInput + segment.Inner + (segment.SavesOutput ? segment.Output : 0);
        if (peak <= budget)
        {
            next.Add(new State(withInput, state.Time + segment.Time, IsPaid: false, Recomputes: true, state));
        }

        var kept = (segment.SavesInput ? withInput : free) + segment.Inner + (segment.SavesOutput ? segment.Output : 0);
        if (kept <= budget)
        {
            next.Add(new State(kept, state.Time, IsPaid: segment.SavesOutput && !isLast, Recomputes: false, state));
        }
    }

    /// <summary>The states that no other beats.</summary>
    private static List<State> Best(List<State> states, long budget)
    {
        var kept = Undominated(states);
        if (kept.Count > MostStates)
        {
            var step = Math.Max(1, budget / MostStates);
            kept = Undominated(kept.ConvertAll(state => state with { Held = Math.Min(budget, (state.Held + step - 1) / step * step) }));
        }

        return kept;
    }

    private static List<State> Undominated(List<State> states)
    {
        var kept = new List<State>();
        var (least, leastPaid) = (long.MaxValue, long.MaxValue);
        foreach (var state in states.OrderBy(state => state.Held).ThenBy(state => state.Time).ThenByDescending(state => state.IsPaid))
        {
            // A paid boundary is never worse.
            if (state.IsPaid ? state.Time < leastPaid : state.Time < Math.Min(least, leastPaid))
            {
                kept.Add(state);
                (least, leastPaid) = state.IsPaid ? (least, state.Time) : (state.Time, leastPaid);
            }
        }

        return kept;
    }

    private sealed record State(long Held, long Time, bool IsPaid, bool Recomputes, State? Before);
}
