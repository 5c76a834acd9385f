namespace Adjoint.Conformance.Programs;

/// <summary>Whether something is refused in PyTorch's words: the first sentence is the same, what follows it may speak of C#.</summary>
internal static class Refusal
{
    // What follows depends on which of several saved tensors is met first, and on names of C++.
    private const string Changed = "one of the variables needed for gradient computation has been modified by an inplace operation";

    private const string InternalError = "INTERNAL ASSERT FAILED";

    /// <summary>What differs; null if nothing does. Where PyTorch meets a fault of its own, any refusal will do.</summary>
    public static string? Difference(string actual, string expected) =>
        expected.Contains(InternalError, StringComparison.Ordinal)
        || (expected.StartsWith(Changed, StringComparison.Ordinal) && actual.StartsWith(Changed, StringComparison.Ordinal))
        || actual.StartsWith(FirstSentence(expected), StringComparison.Ordinal)
            ? null
            : $"is refused with: {actual} Expected: {expected}";

    /// <summary>Everything up to the first full stop that ends a sentence.</summary>
    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }
}
