using System.Diagnostics;
using System.Runtime;

namespace Adjoint.Bench;

/// <summary>
/// The times of a row: ours and the peer's measured in turns, so that a slow minute of the machine hits both.
/// </summary>
/// <param name="Ours">Seconds for each call of ours, one for each round; what is figured instead, where a row says so.</param>
/// <param name="Peer">Seconds for each call of the peer; empty without one.</param>
/// <param name="Bytes">Managed bytes that one call of ours allocates; NaN for figures of whole processes.</param>
public sealed record Measurement(double[] Ours, double[] Peer, double Bytes)
{
    private const int MostRounds = 15;
    private const int FewestRounds = 5;

    /// <summary>Long enough for a clock tick and an interrupt not to count.</summary>
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The JIT counts 30 calls, waits for 100 ms without new code, and compiles in the background, twice. On a busy machine that takes longer than
    /// any fixed time, so the warm-up ends when it has compiled nothing for so long.
    /// </summary>
    private static readonly TimeSpan QuietJit = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    /// <summary>Measures one or two ways to do the same work.</summary>
    public static Measurement Of(Action ours, Action? peer)
    {
        var oursCalls = Calibrate(ours);
        var peerCalls = peer is null ? 0 : Calibrate(peer);
        var oursTimes = new List<double>();
        var peerTimes = new List<double>();
        var bytes = double.PositiveInfinity;
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < MostRounds; round++)
        {
            if (round >= FewestRounds && Stopwatch.GetElapsedTime(start) > Budget)
            {
                break;
            }

            // Who goes first changes, so that neither always finds the other's leftovers in the caches.
            if (round % 2 == 1)
            {
                MeasurePeer();
            }

            var before = GC.GetTotalAllocatedBytes(precise: true);
            oursTimes.Add(Time(ours, oursCalls));

            // The least of all rounds: the JIT and the runtime's own threads allocate now and then.
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)oursCalls);
            if (round % 2 == 0)
            {
                MeasurePeer();
            }
        }

        return new Measurement([.. oursTimes], [.. peerTimes], bytes);

        void MeasurePeer()
        {
            if (peer is not null)
            {
                peerTimes.Add(Time(peer, peerCalls));
            }
        }
    }

    /// <summary>The middle value.</summary>
    public static double Median(double[] values) => Quantile(values, 0.5);

    /// <summary>The distance between the quartiles as a share of the median: how unsteady the machine was.</summary>
    public static double Spread(double[] values) => (Quantile(values, 0.75) - Quantile(values, 0.25)) / Median(values);

    private static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var position = share * (sorted.Length - 1);
        var low = (int)position;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + ((position - low) * (sorted[high] - sorted[low]));
    }

    /// <summary>Warms up, and finds how many calls fill a batch.</summary>
    private static int Calibrate(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        var calls = 1;
        var (compiled, since) = (0L, start);
        while (true)
        {
            var seconds = Time(action, calls) * calls;
            if (seconds < Batch.TotalSeconds)
            {
                calls = (int)Math.Ceiling(calls * Math.Clamp(1.1 * Batch.TotalSeconds / seconds, 1.1, 10));
            }
            else if (IsWarm())
            {
                return calls;
            }
        }

        bool IsWarm()
        {
            if (JitInfo.GetCompiledMethodCount() is var count && count != compiled)
            {
                (compiled, since) = (count, Stopwatch.GetTimestamp());
            }

            var elapsed = Stopwatch.GetElapsedTime(start);
            return elapsed > WarmUp && (Stopwatch.GetElapsedTime(since) > QuietJit || elapsed > LongestWarmUp);
        }
    }

    private static double Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
