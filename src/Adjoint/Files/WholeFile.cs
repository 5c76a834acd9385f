using System.Diagnostics;
using System.Globalization;

namespace Adjoint.Files;

/// <summary>
/// A file that is written as a whole or not at all: beside the old one, down to the disk, and then renamed over it. Whatever ends the process in the
/// meantime, a reader finds the old file or the new one. What is left beside by a process that was killed, the next one removes.
/// </summary>
internal static class WholeFile
{
    private const string Ending = ".adjoint-part";

    private static int s_count;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its place; the folder is there.</param>
    /// <param name="write">Writes the contents; the stream can seek.</param>
    /// <exception cref="IOException">The disk is full, or the folder is not there. The old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var whole = Path.GetFullPath(path);
        RemoveRemains(whole);
        var part = string.Create(
            CultureInfo.InvariantCulture, $"{whole}.{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}{Ending}");
        try
        {
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(whole))
            {
                File.SetUnixFileMode(part, File.GetUnixFileMode(whole));
            }

            File.Move(part, whole, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>
    /// Removes what processes that are no more left in the folder. A process of another machine or container cannot be seen here, but it holds a lock
    /// on what it writes.
    /// </summary>
    private static void RemoveRemains(string whole)
    {
        if (Path.GetDirectoryName(whole) is not { Length: > 0 } folder || !Directory.Exists(folder))
        {
            return;
        }

        foreach (var part in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            var name = part.AsSpan(0, part.Length - Ending.Length);
            var process = name[(name.LastIndexOf('.') + 1)..];
            var end = process.IndexOf('-');
            if (end > 0
                && int.TryParse(process[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId
                && !IsRunning(id)
                && !IsLocked(part))
            {
                File.Delete(part);
            }
        }
    }

    private static bool IsLocked(string part)
    {
        try
        {
            using var handle = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
