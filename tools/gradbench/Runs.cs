using System.Diagnostics;
using System.Text.Json;

namespace Adjoint.GradBench;

/// <summary>How often a function runs: until it has run as often, and for as long, as the input says; once if it says nothing.</summary>
public readonly record struct Runs(int AtLeast, double Seconds)
{
    /// <summary>What an input says.</summary>
    public static Runs Of(JsonElement input) => input.ValueKind != JsonValueKind.Object
        ? new(1, 0)
        : new(
            input.TryGetProperty("min_runs", out var runs) ? Math.Max(1, runs.GetInt32()) : 1,
            input.TryGetProperty("min_seconds", out var seconds) ? seconds.GetDouble() : 0);

    /// <summary>Runs a function; what it gave last, and the nanoseconds of each run.</summary>
    public (object Result, List<long> Nanoseconds) Time(Func<object> work)
    {
        var times = new List<long>();
        var total = TimeSpan.Zero;
        object result;
        do
        {
            var started = Stopwatch.GetTimestamp();
            result = work();
            var elapsed = Stopwatch.GetElapsedTime(started);
            total += elapsed;
            times.Add((long)elapsed.TotalNanoseconds);
        }
        while (times.Count < AtLeast || total.TotalSeconds < Seconds);
        return (result, times);
    }
}
