using System.Diagnostics;

namespace Adjoint.Watching;

/// <summary>
/// Where every floor from the operators up says what is legal but probably not meant. <c>Autograd.Warning</c> hands it to users; while nobody listens
/// there, it goes to standard error, once for each place of the program, as Python's warnings do.
/// </summary>
internal static class Warnings
{
    // Nobody reads more, and the sets must not grow for ever.
    private const int MostPlaces = 1000;

    private static readonly HashSet<(string Sentence, string? Assembly, string? Method, int Offset)> Seen = [];
    private static readonly HashSet<(string Sentence, string Place)> Said = [];

    public static event Action<string>? Raised;

    /// <summary>Where to write what nobody listens to; null for standard error.</summary>
    public static TextWriter? Output { get; set; }

    public static void Raise(string message)
    {
        if (Raised is { } listeners)
        {
            listeners(message);
        }
        else if (WithoutNumbers(message) is var sentence && IsNew(sentence))
        {
            Say(message, sentence, Origin.Here());
        }
    }

    /// <summary>What a message says, whatever the numbers are of which it speaks this time.</summary>
    private static string WithoutNumbers(string message) => string.Concat(message.Where(letter => !char.IsAsciiDigit(letter)));

    private static void Say(string message, string sentence, Origin origin)
    {
        var place = origin.File is null ? origin.Method : $"{origin.File}:{origin.Line}";
        lock (Said)
        {
            if (!Said.Add((sentence, place)))
            {
                return;
            }
        }

        (Output ?? Console.Error).WriteLine($"{place}: UserWarning: {message}");
    }

    /// <summary>Whether this was not raised from this place before. A place in code
    /// costs less to find than its file and line, of which it is a part.</summary>
    private static bool IsNew(string sentence)
    {
        lock (Seen)
        {
            if (Seen.Count == MostPlaces)
            {
                return false;
            }
        }

        (string, string?, string?, int) key = (sentence, null, null, 0);
        foreach (var frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method && !Origin.IsSkipped(method))
            {
                // Native programs know no offset in the intermediate language.
                var offset = frame.GetILOffset() is var within && within != StackFrame.OFFSET_UNKNOWN ? within : frame.GetNativeOffset();
                key = (sentence, method.DeclaringAssemblyName, $"{method.DeclaringTypeName}.{method.Name}", offset);
                break;
            }
        }

        lock (Seen)
        {
            return Seen.Count < MostPlaces && Seen.Add(key);
        }
    }
}
