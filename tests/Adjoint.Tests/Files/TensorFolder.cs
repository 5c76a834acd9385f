namespace Adjoint.Tests.Files;

/// <summary>A folder for the files of one test.</summary>
internal sealed class TensorFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("adjoint-files-");

    /// <summary>A file in it.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>The names of its files, in order.</summary>
    public string[] Names => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);
}
