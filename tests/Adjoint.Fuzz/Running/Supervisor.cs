using System.Diagnostics;

namespace Adjoint.Fuzz.Running;

/// <summary>
/// Runs the calls in processes of their own. When one dies or hangs, the call that it was at is a finding, and another process goes on behind it.
/// </summary>
internal sealed class Supervisor(Options options)
{
    private static readonly TimeSpan s_longestWork = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(string, string, string), (Finding First, long Count)> _findings = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _made;
    private long _returned;
    private long _refused;

    public int Run()
    {
        var folder = Directory.CreateTempSubdirectory("adjoint-fuzz-");
        var share = (options.Calls + options.Workers - 1) / options.Workers;
        var isGood = true;
        Parallel.For(0, options.Workers, new ParallelOptions { MaxDegreeOfParallelism = options.Workers }, w =>
        {
            var first = options.First + (w * share);
            if (!RunRange(folder.FullName, $"log-{w}", first, Math.Min(first + share, options.First + options.Calls)))
            {
                isGood = false;
            }
        });

        folder.Delete(recursive: true);
        foreach (var kind in _findings.GroupBy(f => f.Key.Item1, f => f.Value.Count).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{kind.Key}: {kind.Count()} distinct, {kind.Sum()} in all");
        }

        var rate = _made / Math.Max(0.001, _clock.Elapsed.TotalSeconds);
        Console.WriteLine(
            $"{_made} calls, {_returned} returned, {_refused} refused, {_findings.Count} distinct findings, {_findings.Values.Sum(f => f.Count)} " +
            $"in all, {rate:F0} calls a second");
        return !isGood ? 2 : _findings.Count == 0 ? 0 : 1;
    }

    private bool RunRange(string folder, string name, long first, long end)
    {
        var path = Path.Combine(folder, name);
        var next = first;
        while (next < end && _clock.Elapsed.TotalMinutes < options.Minutes)
        {
            using var log = new CallLog(path);
            (log.Current, log.Returned, log.Refused) = (-1, 0, 0);
            using var worker = Start(folder, options.ForWorker(path, next, end - next, describes: false));
            var errors = new List<string>();
            var why = Watch(worker, log, errors);
            var reached = log.Current;
            lock (_findings)
            {
                _returned += log.Returned;
                _refused += log.Refused;
                _made += Math.Max(0, Math.Min(reached + 1, end) - next);
            }

            if (why is "done" or "late")
            {
                return true;
            }

            if (reached < next)
            {
                Console.Error.WriteLine("a worker did not start: " + string.Join(" ", errors));
                return false;
            }

            Add(Described(folder, reached, why == "hang" ? "hang" : "crash", why == "hang" ? "" : $"{why} {Summary(errors)}"));
            next = reached + 1;
        }

        return true;
    }

    private static string Summary(List<string> errors)
    {
        var frames = errors.Select(line => line.Trim())
            .Where(line => line.StartsWith("at Adjoint.", StringComparison.Ordinal) && !line.StartsWith("at Adjoint.Fuzz.", StringComparison.Ordinal))
            .Select(line => line[3..].Split('(')[0]);
        return string.Join(" < ", errors.Take(1).Concat(frames.Take(2)));
    }

    // "done", "late", "hang" or the exit code.
    private string Watch(Process worker, CallLog log, List<string> errors)
    {
        var output = Task.Run(() => Read(worker.StandardOutput));
        var error = Task.Run(() =>
        {
            while (worker.StandardError.ReadLine() is { } line)
            {
                if (errors.Count < 200)
                {
                    errors.Add(line);
                }
            }
        });
        var (at, work, since) = (-2L, TimeSpan.Zero, _clock.Elapsed);
        string? why = null;
        while (!worker.WaitForExit(200))
        {
            var current = log.Current;
            var worked = Worked(worker) ?? work;
            if (current != at)
            {
                (at, work, since) = (current, worked, _clock.Elapsed);
            }
            else if (worked - work > s_longestWork || _clock.Elapsed - since > s_longestWait)
            {
                why = "hang";
            }

            why ??= _clock.Elapsed.TotalMinutes >= options.Minutes ? "late" : null;
            if (why is not null)
            {
                worker.Kill(entireProcessTree: true);
                break;
            }
        }

        worker.WaitForExit();
        Task.WaitAll(output, error);
        return why ?? (worker.ExitCode == 0 ? "done" : $"exit code {worker.ExitCode}");
    }

    // Null where it has ended meanwhile.
    private static TimeSpan? Worked(Process worker)
    {
        try
        {
            worker.Refresh();
            return worker.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Read(StreamReader output)
    {
        while (output.ReadLine() is { } line)
        {
            if (Finding.FromLine(line) is { } finding)
            {
                Add(finding);
            }
            else
            {
                Console.WriteLine(line);
            }
        }
    }

    private void Add(Finding finding)
    {
        lock (_findings)
        {
            var isKnown = _findings.TryGetValue(finding.Key, out var known);
            _findings[finding.Key] = isKnown ? (known.First, known.Count + 1) : (finding, 1);
            if (!isKnown)
            {
                Console.WriteLine($"{finding.Kind} {finding.Member}: {finding.Detail}; --seed {options.Seed} --call {finding.Call}: {finding.Text}");
            }
        }
    }

    private Finding Described(string folder, long call, string kind, string detail)
    {
        using var process = Start(folder, options.ForWorker(Path.Combine(folder, "describe"), call, 1, describes: true));
        var error = process.StandardError.ReadToEndAsync();
        var described = Finding.FromLine(process.StandardOutput.ReadToEnd().Trim('\n'));
        process.WaitForExit();
        error.Wait();
        return described is null
            ? new Finding(kind, "?", detail, call, "the arguments alone do it")
            : described with { Kind = kind, Detail = detail };
    }

    private static Process Start(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Whatever a call writes to a file, it writes it here.
            WorkingDirectory = folder,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Program).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        // The compiler of the runtime ends the process where a second mapping of its code meets the limit of memory.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "40000000";
        return Process.Start(start) ?? throw new InvalidOperationException("a worker did not start");
    }
}
