namespace Adjoint.Tests;

/// <summary>The repository around the running tests, for the tests that read its files.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution: the first one above the test's own assembly.</summary>
    /// <remarks>Not the path of the source file, which a build server maps to one that does not exist.</remarks>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Adjoint.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above '{from}' holds Adjoint.slnx.");
    }
}
