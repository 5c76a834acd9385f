namespace Tour;

/// <summary>The folder that the tour leaves files in. A file appears whole or not at all.</summary>
public sealed class OutputFolder
{
    private readonly List<string> _files = [];

    /// <summary>
    /// Makes the folder if it is missing, and finds out now, not after the training, whether it can be written.
    /// </summary>
    public OutputFolder(string path) => Attempt(path, () =>
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        var probe = Temporary("probe");
        File.WriteAllBytes(probe, []);
        File.Delete(probe);
    });

    public string Path { get; private set; } = string.Empty;

    /// <summary>The names of the files written so far.</summary>
    public IReadOnlyList<string> Files => _files;

    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] content) => Attempt(Path, () =>
    {
        // Written beside and renamed: whoever looks meanwhile sees the old file or the new one.
        var temporary = Temporary(name);
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, System.IO.Path.Combine(Path, name), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        _files.Add(name);
    });

    private static void Attempt(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot write to folder '{path}': {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    private string Temporary(string name) =>
        System.IO.Path.Combine(Path, $".{name}.{Environment.ProcessId}.tmp");
}
