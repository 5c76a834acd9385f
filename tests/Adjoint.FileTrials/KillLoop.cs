using System.Diagnostics;
using System.Globalization;

namespace Adjoint.FileTrials;

/// <summary>
/// Starts processes that save again and again over the same file, kills each without warning at a random moment (SIGKILL), and looks at the file: it
/// has to be whole, and no older than the last save that its process called done.
/// </summary>
internal static class KillLoop
{
    /// <summary>The longest that a process saves, after its first save.</summary>
    private const int MostMilliseconds = 60;

    public static int Run(int times, long seed, string? only)
    {
        var kinds = Saver.Kinds.Where(kind => only is null || kind == only).ToArray();
        if (kinds.Length == 0)
        {
            throw new FormatException($"There is no kind '{only}', but {string.Join(", ", Saver.Kinds)}.");
        }

        var dice = new Random((int)seed);
        var (killed, saved, inside, faults) = (0, 0L, 0, 0);
        var places = kinds.ToDictionary(kind => kind, _ => (Folder: Directory.CreateTempSubdirectory("adjoint-kill-").FullName, Next: 0L));
        try
        {
            for (; killed < times; killed++)
            {
                var kind = kinds[killed % kinds.Length];
                var (folder, next) = places[kind];
                var done = SaveAndKill(kind, folder, next, dice);
                inside += Directory.EnumerateFiles(folder, "*.adjoint-part").Any() ? 1 : 0;
                var (number, fault) = Saver.Look(kind, folder);
                fault ??= number < done ? $"the file has save {number}, and {done} was done" : null;
                if (fault is not null)
                {
                    faults++;
                    Console.WriteLine($"LOST {kind}, kill {killed}: {fault}");
                }

                saved += Math.Max(done - next + 1, 0);
                places[kind] = (folder, Math.Max(number, done) + 1);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"kill: {killed} processes killed after {saved} saves, {inside} of them in the middle of writing a file, {faults} files lost"));
        }
        finally
        {
            foreach (var (folder, _) in places.Values)
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return faults == 0 ? 0 : 1;
    }

    /// <summary>The number of the last save that was said to be done before the process was killed.</summary>
    private static long SaveAndKill(string kind, string folder, long first, Random dice)
    {
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(KillLoop).Assembly.Location] : [];
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, [.. own, Saver.Argument, kind, folder, first.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var done = first - 1;
        using var begun = new ManualResetEventSlim();
        var listener = new Thread(() =>
        {
            // A line that is cut off by the end has no end itself: it comes as a shorter number, which asks for less.
            while (process.StandardOutput.ReadLine() is { } line)
            {
                if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == Volatile.Read(ref done) + 1)
                {
                    Volatile.Write(ref done, number);
                    begun.Set();
                }
            }

            begun.Set();
        });
        listener.Start();
        begun.Wait();
        Thread.Sleep(TimeSpan.FromMilliseconds(dice.NextDouble() * MostMilliseconds));
        process.Kill();
        process.WaitForExit();
        listener.Join();
        return done;
    }
}
