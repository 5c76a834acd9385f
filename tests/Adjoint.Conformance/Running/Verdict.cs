using System.Text.Json;
using Adjoint.Conformance.Cases;

namespace Adjoint.Conformance.Running;

/// <summary>What became of a case.</summary>
internal enum Outcome
{
    Passed,
    Failed,
    Unsupported,
}

/// <summary>What became of a case, with the reason of a failure or the name of what is missing.</summary>
internal readonly record struct Verdict(Outcome Outcome, string Text)
{
    public static Verdict Passed => new(Outcome.Passed, string.Empty);

    public static Verdict Failed(string reason) => new(Outcome.Failed, OneLine(reason));

    public static Verdict Unsupported(string what) => new(Outcome.Unsupported, OneLine(what));

    /// <summary>Judges a line of a case file here and now; an exception is a failure.</summary>
    public static Verdict Of(ICaseKind kind, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return kind.Difference(document.RootElement) is { } difference ? Failed(difference) : Passed;
        }
        catch (MissingException e)
        {
            return Unsupported(e.Message);
        }
        catch (Exception e)
        {
            return Failed($"{e.GetType().Name}: {e.Message}");
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
