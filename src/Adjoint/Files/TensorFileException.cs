using System.Text;

namespace Adjoint;

/// <summary>
/// A file that is not what its kind prescribes, or holds what is not read. Nothing of it was run, and nothing was changed. The message is one line
/// of readable characters, whatever names the file has.
/// </summary>
public sealed class TensorFileException : TensorException
{
    private const int Longest = 1000;

    /// <summary>Makes an exception without a message.</summary>
    public TensorFileException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public TensorFileException(string message)
        : base(Line(message))
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public TensorFileException(string message, Exception innerException)
        : base(Line(message), innerException)
    {
    }

    /// <summary>Names in a file may be megabytes long, break lines, or command a terminal.</summary>
    private static string Line(string message)
    {
        if (message is null || (message.Length <= Longest && !message.Any(char.IsControl)))
        {
            return message!;
        }

        var text = new StringBuilder(message, 0, Math.Min(message.Length, Longest), Longest + 2);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '?' : text[i];
        }

        return (message.Length > Longest ? text.Append("..") : text).ToString();
    }
}
