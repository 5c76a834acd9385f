using System.Diagnostics;

namespace Adjoint.Bench;

/// <summary>Compares what rows give with what they should give, without measuring: fast enough to run with the tests.</summary>
public static class Check
{
    /// <summary>Prints one line for each row that knows its results; returns the exit code, 1 if one is too far off.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="names">Which of them; those that only a peer can check are left out, unless nothing is left.</param>
    /// <exception cref="UsageException">None of them knows its results.</exception>
    public static int Run(RowTable table, IReadOnlyList<string> names)
    {
        var (compared, wrong) = (0, 0);
        foreach (var name in names)
        {
            var started = Stopwatch.GetTimestamp();
            var row = table.Make(name);
            if (row.Expected() is not { } expected)
            {
                continue;
            }

            var error = Comparison.Error(row.Results(), expected);

            // Not "error > tolerance": a NaN is wrong too.
            var good = error <= row.Tolerance;
            compared++;
            wrong += good ? 0 : 1;
            Console.WriteLine(
                $"{(good ? "ok   " : "WRONG")} {name,-28} error {error:0.0e+00}, at most {row.Tolerance:0e+00}, " +
                $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }

        return compared == 0
            ? throw new UsageException("only a peer can check these rows: --peer torchsharp prints how far both are apart")
            : wrong == 0 ? 0 : 1;
    }
}
