using System.Globalization;

namespace Adjoint.Printing;

/// <summary>The texts of a tensor's printed elements, in order, and the width to which all are padded.</summary>
internal readonly struct ElementColumn
{
    private ElementColumn(string[] texts, int width)
    {
        Texts = texts;
        Width = width;
    }

    private enum Notation
    {
        Whole,
        Fixed,
        Scientific,
    }

    internal string[] Texts { get; }

    internal int Width { get; }

    /// <summary>Bools as <c>True</c> and <c>False</c>, integers plainly; every element widens the column.</summary>
    internal static ElementColumn Of(long[] values, bool areBools, bool areUnsigned)
    {
        var texts = areBools
            ? Array.ConvertAll(values, static value => value != 0 ? "True" : "False")
            : areUnsigned ? Array.ConvertAll(values, static value => ((ulong)value).ToString(CultureInfo.InvariantCulture))
            : Array.ConvertAll(values, static value => value.ToString(CultureInfo.InvariantCulture));
        return new ElementColumn(texts, texts.Max(static text => text.Length));
    }

    /// <summary>Real numbers in one notation for all, which the finite non-zero ones among them choose.</summary>
    internal static ElementColumn Of(double[] values, PrintOptions options)
    {
        var (smallest, largest, areWhole) = (double.PositiveInfinity, 0.0, true);
        foreach (var value in values)
        {
            if (!Counts(value))
                continue;

            var magnitude = Math.Abs(value);
            smallest = Math.Min(smallest, magnitude);
            largest = Math.Max(largest, magnitude);
            areWhole &= value == Math.Floor(value);
        }

        // Zeros, nan and inf alone stay whole and narrow, whatever the option says.
        if (largest == 0)
            return new ElementColumn(Write(values, Notation.Whole, options), 1);

        var plain = areWhole ? Notation.Whole : Notation.Fixed;
        var isScientific = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
        var chosen = isScientific ? Notation.Scientific : plain;
        var texts = Write(values, chosen, options);
        var width = 1;
        for (var i = 0; i < texts.Length; i++)
        {
            if (Counts(values[i]))
                width = Math.Max(width, texts[i].Length);
        }

        // PyTorch measures before it asks the option, so a forced notation is padded to the width of the chosen one.
        if (options.SciMode is { } forced && forced != isScientific)
            texts = Write(values, forced ? Notation.Scientific : plain, options);

        return new ElementColumn(texts, width);
    }

    private static bool Counts(double value) => value != 0 && double.IsFinite(value);

    private static string[] Write(double[] values, Notation notation, PrintOptions options)
    {
        // One format string for all elements rather than one for each.
        var precision = options.Precision.ToString(CultureInfo.InvariantCulture);
        var (@fixed, scientific) = ("F" + precision, "E" + precision);
        return Array.ConvertAll(values, value => notation switch
        {
            Notation.Scientific => NumberText.Scientific(value, scientific),
            Notation.Fixed => NumberText.Fixed(value, @fixed),
            _ => double.IsFinite(value) ? NumberText.Fixed(value, "F0") + "." : NumberText.Fixed(value, "F0"),
        });
    }
}
