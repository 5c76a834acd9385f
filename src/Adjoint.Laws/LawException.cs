namespace Adjoint.Laws;

/// <summary>A law does not hold; the message says which, where, and by how much.</summary>
public sealed class LawException : Exception
{
    /// <summary>A law does not hold.</summary>
    public LawException()
    {
    }

    /// <summary>A law does not hold.</summary>
    /// <param name="message">Which, where, and by how much.</param>
    public LawException(string message)
        : base(message)
    {
    }

    /// <summary>A law could not be tried.</summary>
    /// <param name="message">Which.</param>
    /// <param name="inner">What came in between.</param>
    public LawException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
