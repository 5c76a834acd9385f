namespace Adjoint.Conformance.Programs;

/// <summary>Whether something is refused in PyTorch's words: the first sentence is the same, what follows it may speak of C#.</summary>
internal static class Refusal
{
    private const string InternalError = "INTERNAL ASSERT FAILED";
    private const string Changed = "one of the variables needed for gradient computation has been modified by an inplace operation";
    private const string Lost = "its base or another view of its base has been modified inplace";

    /// <summary>What differs; null if nothing does. Where PyTorch meets a fault of its own, any refusal will do.</summary>
    public static string? Difference(string actual, string expected) =>
        expected.Contains(InternalError, StringComparison.Ordinal) || actual.StartsWith(FirstSentence(expected), StringComparison.Ordinal)
            ? null
            : $"is refused with: {actual} Expected: {expected}";

    /// <summary>The same for a backward pass, where it does not matter which of several saved tensors that have changed is met first.</summary>
    public static string? OfChange(string actual, string expected) =>
        IsOfChange(actual) && IsOfChange(expected) ? null : Difference(actual, expected);

    private static bool IsOfChange(string text) =>
        text.StartsWith(Changed, StringComparison.Ordinal) || text.Contains(Lost, StringComparison.Ordinal);

    /// <summary>Everything up to the first full stop that ends a sentence.</summary>
    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
