using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Bench;

/// <summary>One run of the program: reads the command line, measures rows and reports them.</summary>
public static class Session
{
    /// <summary>Runs, alone or, in the peer's program, with its rows; returns the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="peer">Where the peer's rows are; null in the program that has none.</param>
    /// <param name="usePeer">Loads the peer with a number of threads; throws <see cref="UsageException"/> if it cannot be loaded.</param>
    public static int Run(string[] args, Assembly? peer, Action<int>? usePeer = null)
    {
        try
        {
            var options = Options.Parse(args);
            if (options.Help)
            {
                Console.WriteLine(Options.Usage);
                return 0;
            }

            if (options.IsFirstCallsInside)
            {
                FirstCalls.RunInside();
                return 0;
            }

            if (options.FirstCalls)
            {
                FirstCalls.Run();
                return 0;
            }

            var table = new RowTable(peer);
            if (options.List)
            {
                foreach (var name in table.Names)
                {
                    Console.WriteLine(name);
                }

                return 0;
            }

            if (options.Inside is { } inside)
            {
                Backend.MaxThreads = options.Threads;
                FreshProcess.Run(table, inside, options.IsPeerSide, () => usePeer?.Invoke(options.Threads));
                return 0;
            }

            var names = table.Select(options.Bdn ?? options.Rows);
            if (options.Bdn is not null)
            {
                MicroStudy.Run(names);
                return 0;
            }

            if (options.Check)
            {
                Backend.MaxThreads = options.Threads;
                return Check.Run(table, names);
            }

            if (options.Peer == "torchsharp" && peer is null)
            {
                return PeerProgram.Run(args);
            }

            Backend.MaxThreads = options.Threads;
            usePeer?.Invoke(options.Threads);
            using var native = options.Peer == "native" ? new NativePeer() : null;
            Measure(table, names, options, native);
            return 0;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"bench: {e.Message}");
            return 2;
        }
    }

    private static void Measure(RowTable table, IReadOnlyList<string> names, Options options, NativePeer? native)
    {
        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, " +
            $"{options.Threads} threads, SIMD {Width()} bit{Load()}");
        using var report = new Report(options.Json);
        foreach (var name in names)
        {
            var row = table.Make(name);
            using var twin = native is null ? table.MakeTwin(row) : row.InNative(native);
            var measured = row.InProcess is not null
                ? FreshProcess.Measure(name, twin is not null, options.Threads)
                : Measurement.Of(row.Ours, twin is null ? null : twin.Run);
            var expected = twin?.Results() ?? row.Expected();
            var error = expected is null ? (double?)null : Comparison.Error(row.Results(), expected);
            report.Add(Figures.Of(row, measured, error, row.Flops > 0 ? options.Threads * Peak.OfOneThread(row.Element) : 0));
        }
    }

    private static int Width() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <summary>Who else is busy: figures taken beside a running build are worth less.</summary>
    private static string Load()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? $", load {File.ReadAllText(file).Split(' ')[0]}" : string.Empty;
    }
}
