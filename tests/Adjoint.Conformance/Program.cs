using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Running;

namespace Adjoint.Conformance;

/// <summary>
/// Runs a file of cases made with PyTorch: <c>KIND FILE</c>. Prints a line for each failing case and for each thing that is not there
/// yet, and the counts last. Exit code 0 if nothing failed, 1 if something did, 2 if the file or the arguments are no good.
/// </summary>
internal static class Program
{
    private const string Usage =
        "usage: Adjoint.Conformance dtypes|init|modules|ops|optimisers|print|programs|promotion|random|schedulers|transforms FILE, or files FOLDER";

    private static int Main(string[] args)
    {
        if (args is [WorkerProcess.Argument, var name] && CaseKinds.Find(name) is { } served)
        {
            return WorkerProcess.Serve(served);
        }

        if (args is not [var kindName, var path])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (kindName == "files" && Directory.Exists(path))
        {
            return FileCases.Run(path, Console.Out) == 0 ? 0 : 1;
        }

        if (CaseKinds.Find(kindName) is not { } kind)
        {
            Console.Error.WriteLine($"'{kindName}' is not a kind of cases; {Usage}");
            return 2;
        }

        string[] lines;
        try
        {
            lines = CaseFile.Read(path, kind);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            Console.Error.WriteLine($"cannot read '{path}': {e.Message.ReplaceLineEndings(" ")}");
            return 2;
        }

        using var supervisor = new Supervisor(() => WorkerProcess.Start(kind), TimeSpan.FromSeconds(60));
        var tally = Runner.Run(kind, lines, supervisor.Judge, Console.Out);
        return tally.Failed == 0 ? 0 : 1;
    }
}
