using System.Diagnostics;

namespace Adjoint.Ops.Families;

/// <summary>
/// Where every floor from the operators up says what is legal but probably not meant. <c>Autograd.Warning</c> hands it to users; while nobody listens
/// there, it goes to standard error, once for each place of the program, as Python's warnings do.
/// </summary>
internal static class Warnings
{
    // A program that says this much does not read it, and a message may hold a number that changes.
    private const int MostPlaces = 1000;

    private static readonly HashSet<(string Message, string? Assembly, string? Method, int Offset)> Seen = [];
    private static readonly HashSet<(string Message, string Place)> Said = [];

    public static event Action<string>? Raised;

    /// <summary>Where to write what nobody listens to; null for standard error.</summary>
    public static TextWriter? Output { get; set; }

    public static void Raise(string message)
    {
        if (Raised is { } listeners)
        {
            listeners(message);
        }
        else if (IsNew(message))
        {
            Say(message, Origin.Here());
        }
    }

    private static void Say(string message, Origin origin)
    {
        var place = origin.File is null ? origin.Method : $"{origin.File}:{origin.Line}";
        lock (Said)
        {
            if (!Said.Add((message, place)))
            {
                return;
            }
        }

        (Output ?? Console.Error).WriteLine($"{place}: UserWarning: {message}");
    }

    /// <summary>Whether this was not raised from this place before. A place in code costs less to find than its file and line, of which it is a part.</summary>
    private static bool IsNew(string message)
    {
        lock (Seen)
        {
            if (Seen.Count == MostPlaces)
            {
                return false;
            }
        }

        (string, string?, string?, int) key = (message, null, null, 0);
        foreach (var frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method && !Origin.IsSkipped(method))
            {
                // Native programs know no offset in the intermediate language.
                var offset = frame.GetILOffset() is var within && within != StackFrame.OFFSET_UNKNOWN ? within : frame.GetNativeOffset();
                key = (message, method.DeclaringAssemblyName, $"{method.DeclaringTypeName}.{method.Name}", offset);
                break;
            }
        }

        lock (Seen)
        {
            return Seen.Count < MostPlaces && Seen.Add(key);
        }
    }
}
