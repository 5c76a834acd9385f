using System.Globalization;
using System.Numerics;

namespace Adjoint.Files;

/// <content>Python's numbers, of any size.</content>
internal sealed partial class PickleReader
{
    private object Boxed(long number)
    {
        if (number is >= 0 and < 256)
        {
            return Small[number];
        }

        source.Take(NumberCost);
        return number;
    }

    private object Boxed(double number)
    {
        source.Take(NumberCost);
        return number;
    }

    private object Large(ReadOnlySpan<byte> bytes)
    {
        source.Take(ObjectCost + (2L * bytes.Length));
        return Large(new BigInteger(bytes));
    }

    private object Large(string digits)
    {
        source.Need(digits.Length <= MostDigits, "a number has too many digits");
        source.Need(BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number), "a number is none");
        source.Take(ObjectCost + digits.Length);
        return Large(number);
    }

    private static object Large(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;

    private double Real(string text)
    {
        switch (text)
        {
            case "inf" or "-inf":
                return text == "inf" ? double.PositiveInfinity : double.NegativeInfinity;
            case "nan":
                return double.NaN;
            default:
                // What .NET would take for infinite, Python does not write; it is a number or nothing.
                source.Need(
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    && text.AsSpan().ContainsAnyInRange('0', '9'),
                    "a number is none");
                return real;
        }
    }

    private long Number(string text)
    {
        source.Need(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number), "a number is none");
        return number;
    }
}
