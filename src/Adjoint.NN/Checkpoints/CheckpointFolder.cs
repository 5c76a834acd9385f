using System.Globalization;

namespace Adjoint.NN;

/// <summary>
/// A folder of checkpoints that keeps the last ones and the best one. The names of the files say all that is known of them, their step and their
/// loss, so that there is no index that could be wrong after a process was killed; files that are no checkpoints are left alone.
/// </summary>
/// <example>
/// <code>
/// var folder = new CheckpointFolder("run", keep: 3);
/// folder.Save(step, path => TrainingState.Save(path, model, optimizer), loss);
/// if (folder.Latest is { } last) TrainingState.Load(last, model, optimizer);
/// </code>
/// </example>
public sealed class CheckpointFolder
{
    private const string Prefix = "step-";
    private const string LossPrefix = ".loss-";

    private readonly string _ending;

    /// <summary>Names a folder, and makes it if it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="keep">How many of the last checkpoints are kept, beside the best one.</param>
    /// <param name="ending">The ending of the files.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public CheckpointFolder(string path, int keep = 3, string ending = ".pt")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Limits.ThrowIfNegativeOrZero(keep);
        ArgumentNullException.ThrowIfNull(ending);
        if (ending is not ['.', _, ..] || ending != Path.GetFileName(ending) || ending.StartsWith(LossPrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{ending}' is no ending of a file, such as .pt.", nameof(ending));
        }

        (Folder, Keep, _ending) = (Path.GetFullPath(path), keep, ending);
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How many of the last checkpoints are kept, beside the best one.</summary>
    public int Keep { get; }

    /// <summary>The checkpoints that are there, by their steps.</summary>
    public IReadOnlyList<string> Files => [.. Entries().Select(entry => entry.File)];

    /// <summary>The checkpoint of the last step; null if there is none.</summary>
    public string? Latest => Entries() is [.., var last] ? last.File : null;

    /// <summary>The checkpoint of the lowest loss, the later one of two; null if none has a loss.</summary>
    public string? Best => BestOf(Entries())?.File;

    /// <summary>The loss of the best checkpoint.</summary>
    public double? BestLoss => BestOf(Entries())?.Loss;

    /// <summary>Writes a checkpoint, and then removes those that are neither among the last nor the best.</summary>
    /// <param name="step">The step or epoch, from 0; a checkpoint of the same step is replaced.</param>
    /// <param name="write">Writes the file of the name that it is given, as a whole or not at all.</param>
    /// <param name="loss">What is best if it is lowest; null or NaN for unknown.</param>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written; those before are as they were.</exception>
    public string Save(long step, Action<string> write, double? loss = null)
    {
        Limits.ThrowIfNegative(step);
        ArgumentNullException.ThrowIfNull(write);
        var known = loss is { } number && double.IsFinite(number) ? LossPrefix + number.ToString("R", CultureInfo.InvariantCulture) : string.Empty;
        var file = Path.Combine(Folder, $"{Prefix}{step:D10}{known}{_ending}");
        write(file);
        var entries = Entries();
        foreach (var twin in entries.Where(entry => entry.Step == step && entry.File != file))
        {
            File.Delete(twin.File);
        }

        entries.RemoveAll(entry => entry.Step == step && entry.File != file);
        var best = BestOf(entries)?.File;
        foreach (var old in entries.SkipLast(Keep).Where(entry => entry.File != best && entry.File != file))
        {
            File.Delete(old.File);
        }

        return file;
    }

    private static (string File, long Step, double? Loss)? BestOf(List<(string File, long Step, double? Loss)> entries)
    {
        (string File, long Step, double? Loss)? best = null;
        foreach (var entry in entries)
        {
            if (entry.Loss is { } loss && (best is null || loss <= best.Value.Loss))
            {
                best = entry;
            }
        }

        return best;
    }

    private List<(string File, long Step, double? Loss)> Entries()
    {
        var entries = new List<(string File, long Step, double? Loss)>();
        foreach (var file in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, $"{Prefix}*{_ending}") : [])
        {
            var name = Path.GetFileName(file.AsSpan());
            if (!name.EndsWith(_ending, StringComparison.Ordinal))
            {
                continue;
            }

            name = name[Prefix.Length..^_ending.Length];
            var at = name.IndexOf(LossPrefix, StringComparison.Ordinal);
            double? loss = null;
            if (at >= 0)
            {
                if (!double.TryParse(name[(at + LossPrefix.Length)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    continue;
                }

                loss = number;
            }

            if (long.TryParse(at < 0 ? name : name[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            {
                entries.Add((file, step, loss));
            }
        }

        entries.Sort((a, b) => a.Step.CompareTo(b.Step));
        return entries;
    }
}
