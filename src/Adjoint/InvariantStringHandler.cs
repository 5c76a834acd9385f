using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>
/// What the compiler builds every interpolated string of this assembly with: it takes a type of this name in the assembly itself for the runtime's.
/// Numbers are written as the invariant culture does. The runtime's own follows the culture of the thread, whose minus sign may be another character,
/// and messages must read the same everywhere.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder _text;

    /// <summary>Starts a string; the compiler knows how long it is about.</summary>
    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (8 * formattedCount));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

    public void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

    public void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

    public void AppendFormatted<T>(T value, int alignment, string? format) => Aligned(
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString(), alignment);

    public void AppendFormatted(string? value) => _text.Append(value);

    public void AppendFormatted(string? value, int alignment, string? format = null) => Aligned(value, alignment);

    public void AppendFormatted(object? value, int alignment = 0, string? format = null) => AppendFormatted<object?>(value, alignment, format);

    public void AppendFormatted(ReadOnlySpan<char> value) => _text.Append(value);

    public void AppendFormatted(ReadOnlySpan<char> value, int alignment, string? format = null) => Aligned(value.ToString(), alignment);

    /// <summary>The string.</summary>
    public string ToStringAndClear() => _text.ToString();

    private void Aligned(string? value, int alignment)
    {
        value ??= string.Empty;
        _text.Append(alignment < 0 ? value.PadRight(-alignment) : value.PadLeft(alignment));
    }
}
