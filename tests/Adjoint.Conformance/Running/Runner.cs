using System.Text.Json;
using Adjoint.Conformance.Cases;

namespace Adjoint.Conformance.Running;

/// <summary>How many cases passed, failed, or need what is not there.</summary>
internal sealed record Tally(int Passed, int Failed, int Unsupported);

/// <summary>Runs the cases of a file and reports on them.</summary>
internal static class Runner
{
    /// <summary>
    /// Prints a line for each failing case, then one for each thing that is missing with the number of cases that need it, then the counts.
    /// </summary>
    /// <param name="kind">The kind of the cases.</param>
    /// <param name="lines">The cases.</param>
    /// <param name="judge">Runs one.</param>
    /// <param name="report">Where the lines go.</param>
    public static Tally Run(ICaseKind kind, IReadOnlyList<string> lines, Func<string, Verdict> judge, TextWriter report)
    {
        var (passed, failed) = (0, 0);
        var missing = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var verdict = judge(lines[i]);
            switch (verdict.Outcome)
            {
                case Outcome.Passed:
                    passed++;
                    break;
                case Outcome.Failed:
                    failed++;
                    report.WriteLine($"FAILED case {i + 1}, {Describe(kind, lines[i])}: {verdict.Text}");
                    break;
                default:
                    missing[verdict.Text] = missing.GetValueOrDefault(verdict.Text) + 1;
                    break;
            }
        }

        foreach (var (what, count) in missing)
        {
            report.WriteLine($"UNSUPPORTED {what}: {count} {(count == 1 ? "case" : "cases")}");
        }

        var tally = new Tally(passed, failed, missing.Values.Sum());
        report.WriteLine($"{kind.Name}: {tally.Passed} passed, {tally.Failed} failed, {tally.Unsupported} unsupported");
        return tally;
    }

    private static string Describe(ICaseKind kind, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return kind.Describe(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return "which cannot be read";
        }
    }
}
