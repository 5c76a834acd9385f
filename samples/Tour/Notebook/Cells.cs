using System.Runtime.CompilerServices;

namespace Tour;

/// <summary>
/// Prints a notebook's cells, the code and its result, and compares the result with the expected text. The code is read
/// from the notebook's own source file, which lies inside the program, so that what is printed is what runs.
/// </summary>
public sealed class Cells(string[] source)
{
    // How many lines of the source have been printed or passed over.
    private int _read;

    /// <summary>How many results were as expected.</summary>
    public int Passed { get; private set; }

    /// <summary>How many were not.</summary>
    public int Failed { get; private set; }

    /// <summary>Reads a source file that lies inside the program.</summary>
    public static Cells Of(string file)
    {
        using var stream = typeof(Cells).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return new Cells(reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    /// <summary>Starts a section; code before it is not printed.</summary>
    public void Section(string title, [CallerLineNumber] int line = 0)
    {
        _read = line;
        Print(ConsoleColor.Yellow, $"{Environment.NewLine}{title}");
    }

    /// <summary>A cell with a value: prints the code since the last cell, the expression, and its text.</summary>
    public void Show(
        object? value,
        string expected,
        [CallerArgumentExpression(nameof(value))] string code = "",
        [CallerLineNumber] int line = 0)
    {
        PrintCode(line, code);
        var text = value?.ToString() ?? "null";
        Check(text, text == expected, expected);
    }

    /// <summary>A cell that fails: the message must begin as expected.</summary>
    public void ShowError(
        Action cell,
        string expected,
        [CallerArgumentExpression(nameof(cell))] string code = "",
        [CallerLineNumber] int line = 0)
    {
        PrintCode(line, code);
        var text = "no error";
        try
        {
            cell();
        }
        catch (Exception error) when (error is Adjoint.TensorException)
        {
            text = error.Message;
        }

        Check(text, text.StartsWith(expected, StringComparison.Ordinal), expected);
    }

    /// <summary>A cell that warns and gives a value: the warning must begin as expected.</summary>
    public void ShowWarning(
        Func<object?> cell,
        string expected,
        [CallerArgumentExpression(nameof(cell))] string code = "",
        [CallerLineNumber] int line = 0)
    {
        PrintCode(line, code);
        var text = "no warning";
        void Listen(string message) => text = message;
        Adjoint.Autograd.Warning += Listen;
        var value = cell();
        Adjoint.Autograd.Warning -= Listen;
        Check(text, text.StartsWith(expected, StringComparison.Ordinal), expected);
        Console.WriteLine(value ?? "null");
    }

    private static void Print(ConsoleColor color, string text)
    {
        Console.ForegroundColor = color;
        Console.WriteLine(text);
        Console.ResetColor();
    }

    private void Check(string text, bool isRight, string expected)
    {
        Console.WriteLine(text);
        Passed += isRight ? 1 : 0;
        Failed += isRight ? 0 : 1;
        if (!isRight)
        {
            Print(ConsoleColor.Red, $"expected: {expected}");
        }
    }

    private void PrintCode(int line, string code)
    {
        Console.WriteLine();
        var before = source[_read..(line - 1)];
        var indent = before.Where(IsCode).Select(text => text.Length - text.TrimStart().Length).DefaultIfEmpty(0).Min();
        foreach (var text in before.Where(IsCode))
        {
            Print(ConsoleColor.Cyan, "> " + text[indent..]);
        }

        Print(ConsoleColor.Cyan, "> " + code.Replace("() => ", string.Empty, StringComparison.Ordinal));

        // The call of this cell may span lines.
        for (_read = line; !source[_read - 1].EndsWith(");", StringComparison.Ordinal);)
        {
            _read++;
        }
    }

    private static bool IsCode(string text) => !string.IsNullOrWhiteSpace(text);
}
