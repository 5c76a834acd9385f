using System.Globalization;

namespace Adjoint.Printing;

// PyTorch writes real numbers with Python's "%.4f" and "%.4e". .NET has the same digits, but not under the first
// format string that comes to mind:
//
//   - ToString("F4") alone asks the thread's culture for the decimal point and the minus sign ("1,5000" in Berlin).
//     Everything here names the invariant culture. "F" without a number even takes its precision from the culture.
//   - "F4" and "E4" round the exact binary value, exact ties to even, for any precision and any size, as Python does:
//     0.03125 is 0.0312, 2.5 at "F0" is 2, and 1e23 at "F0" is 99999999999999991611392.
//   - A custom format such as "0.0000e+00" has the right shape and the wrong digits: it first rounds to 15 significant
//     digits, then halves away from zero. 10.0245, whose binary value lies below the half, would become 1.0025e+01.
//     So exponents come from "E4", which writes E+001: lower the letter, and drop the third digit where it is a zero.
//   - The sign of zero, and of what rounds to zero, survives (-0., -0.0000), in both languages.
//   - NaN and Infinity are nan and inf.
//   - Only binary floating point does this: a decimal rounds halves away from zero (2.5m at "F0" is 3), so a number
//     must not pass through one, nor through the shortest text that ToString() without a format gives.

/// <summary>A real number's text, character by character what Python's format gives.</summary>
internal static class NumberText
{
    /// <summary>The number with a fixed count of decimals: Python's <c>%.Nf</c>.</summary>
    internal static string Fixed(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : NameOf(value);

    /// <summary>The number with an exponent of at least two digits: Python's <c>%.Ne</c>.</summary>
    internal static string Scientific(double value, string format)
    {
        if (!double.IsFinite(value))
            return NameOf(value);

        ReadOnlySpan<char> text = value.ToString(format, CultureInfo.InvariantCulture);
        var e = text.LastIndexOf('E');
        var digits = text[(e + 2)..];
        return string.Concat(text[..e], text[e + 1] == '-' ? "e-" : "e+", digits[0] == '0' ? digits[1..] : digits);
    }

    private static string NameOf(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
