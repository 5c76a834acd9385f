using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Adjoint.Bench;

/// <summary>
/// Measures a row in processes of its own: this program starts itself with <c>--inside ROW --side ours</c> and reads one number from its output.
/// </summary>
internal static class FreshProcess
{
    private const int Rounds = 5;
    private const int Calls = 1000;

    /// <summary>Figures of both sides, in turns.</summary>
    public static Measurement Measure(string row, bool hasPeer, int threads)
    {
        List<double> ours = [], peer = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Start(row, "ours", threads));
            if (hasPeer)
            {
                peer.Add(Start(row, "peer", threads));
            }
        }

        return new Measurement([.. ours], [.. peer], double.NaN);
    }

    /// <summary>The child's side: does the work and prints the figure.</summary>
    public static void Run(RowTable table, string name, bool isPeer, Action usePeer)
    {
        var start = Stopwatch.GetTimestamp();
        var row = table.Make(name);
        Action call = row.Ours;
        if (isPeer)
        {
            usePeer();
            call = table.MakeTwin(row)!.Run;
        }

        call();
        var figure = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (row.InProcess == ProcessFigure.PeakResident)
        {
            for (var i = 1; i < Calls; i++)
            {
                call();
            }

            using var process = Process.GetCurrentProcess();
            figure = process.PeakWorkingSet64 / 1e6;
        }

        Console.WriteLine(figure.ToString("R", CultureInfo.InvariantCulture));
    }

    private static double Start(string row, string side, int threads)
    {
        var path = Environment.ProcessPath!;
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        }

        foreach (var argument in (ReadOnlySpan<string>)["--inside", row, "--side", side, "--threads", $"{threads}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"the process that measures {row} ({side}) ended with exit code {process.ExitCode}");
    }
}
