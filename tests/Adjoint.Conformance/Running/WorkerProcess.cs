using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Adjoint.Conformance.Cases;

namespace Adjoint.Conformance.Running;

/// <summary>This program once more, judging the cases that come in on its input: a line each way for each case.</summary>
internal sealed class WorkerProcess : IWorker
{
    /// <summary>The first argument of a worker; the second is the kind.</summary>
    public const string Argument = "--worker";

    private const string Ready = "ready";

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Starts a worker for a kind of cases.</summary>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    public static WorkerProcess Start(ICaseKind kind)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        if (Path.GetFileName(start.FileName) is "dotnet" or "dotnet.exe")
        {
            // Run as "dotnet Adjoint.Conformance.dll".
            start.ArgumentList.Add(typeof(WorkerProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Argument);
        start.ArgumentList.Add(kind.Name);
        var process = Process.Start(start)!;
        return process.StandardOutput.ReadLine() == Ready
            ? new WorkerProcess(process)
            : throw new InvalidOperationException($"'{start.FileName}' did not start as a worker");
    }

    /// <summary>What a worker does until its input ends.</summary>
    public static int Serve(ICaseKind kind)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };

        // Whatever a case may print must not be taken for a verdict.
        Console.SetOut(Console.Error);
        output.WriteLine(Ready);
        while (input.ReadLine() is { } line)
        {
            var verdict = Verdict.Of(kind, line);
            output.WriteLine($"{verdict.Outcome} {verdict.Text}");
        }

        return 0;
    }

    public Verdict? Judge(string line, TimeSpan limit)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            var reply = _process.StandardOutput.ReadLineAsync();
            if (!reply.Wait(limit))
            {
                throw new TimeoutException();
            }

            return reply.Result?.Split(' ', 2) is [var word, var text] && Enum.TryParse<Outcome>(word, out var outcome)
                ? new Verdict(outcome, text)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }

        _process.Dispose();
    }
}
