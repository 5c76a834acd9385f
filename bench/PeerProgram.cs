using System.Diagnostics;

namespace Adjoint.Bench;

/// <summary>
/// The program that has the peer's rows beside ours. It is a project of its own, started when it is asked for: who does not want the peer does
/// not download half a gigabyte.
/// </summary>
internal static class PeerProgram
{
    private const string Project = "TorchSharpPeer/Adjoint.Bench.TorchSharpPeer.csproj";

    /// <summary>Builds and runs it with the same command line and environment; returns its exit code.</summary>
    /// <exception cref="UsageException">Its project is not above this program's folder.</exception>
    public static int Run(string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet");
        foreach (var argument in (ReadOnlySpan<string>)["run", "-c", "Release", "--project", Find(), "--", .. args])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, Project);
            if (File.Exists(project))
            {
                return project;
            }
        }

        throw new UsageException($"{Project} is not above {AppContext.BaseDirectory}: run from the repository, with dotnet run");
    }
}
