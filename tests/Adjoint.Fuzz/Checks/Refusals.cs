using Adjoint.Fuzz.Generators;

namespace Adjoint.Fuzz.Checks;

/// <summary>Which exceptions a caller may expect.</summary>
internal static class Refusals
{
    /// <summary>What is wrong with an exception; null if nothing is.</summary>
    public static (string Kind, string Detail)? Fault(Exception thrown, Case made)
    {
        var isExpected = thrown switch
        {
            UserException or TensorException or ArgumentException or ObjectDisposedException => true,
            KeyNotFoundException => made.Target.Method.GetParameters() is [{ ParameterType.Name: "String" }], // What dictionaries say, with words
            FormatException => made.Target.Method.Name == "ToString", // .NET's own word for a format that it does not know
            OutOfMemoryException => made.HasWildSizes || made.HasWildNumbers || made.HasFunctions || IsSquareOfMany(made),
            IOException or UnauthorizedAccessException =>
                made.Texts.Any(t => t.Contains("SaveOnDisk", StringComparison.Ordinal)) || made.Target.Method.Name == "SaveOnDisk",
            _ => false,
        };
        if (!isExpected)
        {
            return ("untyped", $"{thrown.GetType().Name} at {Frames(thrown)}");
        }

        return thrown is not (UserException or OutOfMemoryException) && IsWordless(thrown.Message) && !made.Words.Contains(thrown.Message)
            ? ("wordless", $"{thrown.GetType().Name} at {Frames(thrown)}")
            : null;
    }

    // A matrix with that many rows has no place in memory.
    private static bool IsSquareOfMany(Case made) =>
        made.Target.Method.Name is "Diagflat" or "DiagEmbed" or "Diag" && made.Tensors.Exists(tensor => tensor.Count > 10_000);

    private static bool IsWordless(string message) =>
        message.Length < 8 || message.StartsWith("Exception of type", StringComparison.Ordinal);

    // The innermost two methods of the library.
    private static string Frames(Exception thrown)
    {
        var frames = (thrown.StackTrace ?? "").Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("at Adjoint.", StringComparison.Ordinal) && !line.StartsWith("at Adjoint.Fuzz.", StringComparison.Ordinal))
            .Select(line => line[3..].Split('(')[0])
            .Take(2);
        return string.Join(" < ", frames);
    }
}
