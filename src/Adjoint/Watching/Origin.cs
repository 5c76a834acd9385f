using System.Diagnostics;

namespace Adjoint;

/// <summary>
/// The place in the user's code that called an operator: the innermost method outside of this library and of .NET's own, and those that called it.
/// Lines come from the program's symbols; without them, and in native programs, there are methods only.
/// The compilers of an optimised build may move code between neighbouring statements, so that a line can be that of the statement before.
/// </summary>
public sealed class Origin
{
    private const int Deepest = 16;

    private static readonly string[] Skipped = ["Adjoint,", "Adjoint.NN,", "System.", "System,"];

    private readonly (string Method, string? File, int Line)[] _frames;

    private Origin((string Method, string? File, int Line)[] frames, string? called)
    {
        _frames = frames;
        Called = called;
    }

    /// <summary>The type and method, such as <c>Program.Main</c>; for a lambda or local function, the method that it is written in.</summary>
    public string Method => _frames is [var first, ..] ? first.Method : "an unknown method";

    /// <summary>The file, as the compiler knew it; null if it is not known.</summary>
    public string? File => _frames is [var first, ..] ? first.File : null;

    /// <summary>The line in the file, from 1; 0 if it is not known.</summary>
    public int Line => _frames is [var first, ..] ? first.Line : 0;

    /// <summary>The method of this library that was called there; null if it is an operator symbol, or the compiler left no trace of it.</summary>
    internal string? Called { get; }

    /// <summary>The calls that led here, innermost first, one a line, as .NET writes a stack trace.</summary>
    public string Trace => string.Join(
        '\n',
        _frames.Select(frame => $"   at {frame.Method}" + (frame.File is null ? string.Empty : $" in {frame.File}:line {frame.Line}")));

    /// <summary>File, line and method, such as <c>Program.cs:12 (Program.Main)</c>; the method alone where no file is known.</summary>
    public override string ToString() => File is null ? Method : $"{Path.GetFileName(File)}:{Line} ({Method})";

    /// <summary>The place that is calling now.</summary>
    internal static Origin Here()
    {
        var frames = new List<(string Method, string? File, int Line)>();
        string? called = null;
        foreach (var frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || IsSkipped(method))
            {
                called = frames.Count == 0 ? DiagnosticMethodInfo.Create(frame)?.Name : called;
                continue;
            }

            frames.Add((NameOf(method.DeclaringTypeName ?? string.Empty, method.Name), frame.GetFileName(), frame.GetFileLineNumber()));
            if (frames.Count == Deepest)
            {
                break;
            }
        }

        return new Origin([.. frames], called is null || called.StartsWith("op_", StringComparison.Ordinal) ? null : called);
    }

    /// <summary>Whether a method is this library's or .NET's own.</summary>
    internal static bool IsSkipped(DiagnosticMethodInfo method) => Array.Exists(
        Skipped, name => method.DeclaringAssemblyName?.StartsWith(name, StringComparison.Ordinal) == true);

    /// <summary>The method as it is written, where the compiler moved its code elsewhere:
    /// <c>Outer+&lt;Run&gt;d__3.MoveNext</c> is Outer.Run.</summary>
    internal static string NameOf(string type, string method)
    {
        var written = Between(method);
        var parts = new List<string>();
        foreach (var part in type[(NameSpaceEnd(type) + 1)..].Split('+'))
        {
            if (part.Contains('<', StringComparison.Ordinal))
            {
                written ??= Between(part);
                break;
            }

            var arity = part.IndexOf('`', StringComparison.Ordinal);
            parts.Add(arity < 0 ? part : part[..arity]);
        }

        parts.Add(written ?? method);
        return string.Join('.', parts);
    }

    private static int NameSpaceEnd(string type)
    {
        var end = type.AsSpan().IndexOfAny('<', '+', '`');
        return type.AsSpan(0, end < 0 ? type.Length : end).LastIndexOf('.');
    }

    private static string? Between(string name)
    {
        // The method of top-level statements has such signs in its own name.
        var start = name.IndexOf('<', StringComparison.Ordinal);
        start += start >= 0 && start + 1 < name.Length && name[start + 1] == '<' ? 1 : 0;
        var end = name.IndexOf('>', StringComparison.Ordinal);
        return start >= 0 && end > start + 1 ? name[(start + 1)..end] : null;
    }
}
