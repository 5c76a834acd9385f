using System.Collections.Concurrent;

namespace Adjoint;

/// <summary>
/// An equation of <c>Einsum</c>, read once: the letters of each operand and of the result. A letter's label is its character; the dimensions of an
/// ellipsis have negative labels, counted from the last one, so that they meet as in broadcasting.
/// </summary>
internal sealed class EinsumEquation
{
    /// <summary>Stands for three dots.</summary>
    private const int Ellipsis = 0;

    private const int MostKnown = 256;

    private static readonly ConcurrentDictionary<string, EinsumEquation> s_known = new(StringComparer.Ordinal);

    private readonly int[][] _operands;
    private readonly int[]? _output;

    private EinsumEquation(string equation)
    {
        var arrow = equation.IndexOf("->", StringComparison.Ordinal);
        var left = arrow < 0 ? equation : equation[..arrow];
        var parts = left.Split(',');
        _operands = new int[parts.Length][];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            _operands[i] = Read(parts[i], start, $"operand {i}", "any ellipsis");
            start += parts[i].Length + 1;
        }

        if (arrow < 0)
        {
            return;
        }

        _output = Read(equation[(arrow + 2)..], arrow + 2, "output", "any ellipsis (...)");
        foreach (var (at, label) in _output.Index())
        {
            if (Array.IndexOf(_output, label) != at)
            {
                throw new ArgumentException($"einsum(): output subscript {(char)label} appears more than once in the output.", nameof(equation));
            }

            if (label != Ellipsis && !_operands.Any(operand => operand.Contains(label)))
            {
                throw new ArgumentException(
                    $"einsum(): output subscript {(char)label} does not appear in the equation for any input operand.", nameof(equation));
            }
        }
    }

    /// <summary>The equation that a text is.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static EinsumEquation Of(string equation)
    {
        if (s_known.TryGetValue(equation, out var known))
        {
            return known;
        }

        var read = new EinsumEquation(equation);
        if (s_known.Count < MostKnown)
        {
            s_known.TryAdd(equation, read);
        }

        return read;
    }

    /// <summary>The operands with their labels, diagonals taken, and the labels of the result.</summary>
    public (Labelled[] Operands, int[] Output) Label(ReadOnlySpan<Tensor> operands)
    {
        if (operands.Length != _operands.Length)
        {
            throw new ArgumentException(
                $"einsum(): {(operands.Length < _operands.Length ? "fewer" : "more")} operands were provided than specified in the equation. The " +
                $"equation has {_operands.Length}, and {operands.Length} were given.");
        }

        var labelled = new Labelled[operands.Length];
        var (sizes, free) = (new Dictionary<int, int>(), 0);
        for (var i = 0; i < labelled.Length; i++)
        {
            var labels = Spread(_operands[i], operands[i], i);
            free = Math.Max(free, labels.Length - _operands[i].Count(label => label != Ellipsis));
            labelled[i] = Diagonals(operands[i], labels, i);
            Meet(labelled[i], i, sizes);
        }

        int[] dots = [.. Enumerable.Range(0, free).Select(d => d - free)];
        return (labelled, _output is null ? Implied(dots) : [.. _output.SelectMany(label => label == Ellipsis ? dots : [label])]);
    }

    private static string Shown(int label) => label < 0 ? "..." : $"{(char)label}";

    private static int[] Read(string text, int start, string where, string part)
    {
        var labels = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == ' ')
            {
                continue;
            }

            if (letter == '.')
            {
                if (labels.Contains(Ellipsis))
                {
                    throw new ArgumentException(
                        $"einsum(): found '.' for {where} " +
                        (where == "output" ? "but an ellipsis (...) was already found." : "for which an ellipsis was already found."),
                        nameof(text));
                }

                if (string.CompareOrdinal(text, i, "...", 0, 3) != 0)
                {
                    throw new ArgumentException($"einsum(): found '.' for {where} that is not part of {part}.", nameof(text));
                }

                labels.Add(Ellipsis);
                i += 2;
                continue;
            }

            if (!char.IsAsciiLetter(letter))
            {
                throw new ArgumentException(
                    $"einsum(): invalid subscript given at index {start + i} in the equation string, subscripts must be in [a-zA-Z]. Found " +
                    $"'{letter}'.",
                    nameof(text));
            }

            labels.Add(letter);
        }

        return [.. labels];
    }

    /// <summary>A label for each dimension, with those of an ellipsis.</summary>
    private static int[] Spread(int[] letters, Tensor x, int operand)
    {
        var named = letters.Count(label => label != Ellipsis);
        var free = x.Rank - named;
        if (named == letters.Length ? free != 0 : free < 0)
        {
            throw new ShapeException(
                $"einsum(): the number of subscripts in the equation ({named}) " +
                (named == letters.Length
                    ? $"does not match the number of dimensions ({x.Rank}) for operand {operand} and no ellipsis was given"
                    : $"is more than the number of dimensions ({x.Rank}) for operand {operand}") +
                $". Its shape is {Shape.Text(x.Layout.Sizes)}.");
        }

        return [.. letters.SelectMany(label => label == Ellipsis ? Enumerable.Range(0, free).Select(d => d - free) : [label])];
    }

    /// <summary>The diagonal wherever a letter occurs twice.</summary>
    private static Labelled Diagonals(Tensor x, int[] labels, int operand)
    {
        for (var d = 0; d < labels.Length; d++)
        {
            for (var other = Array.LastIndexOf(labels, labels[d]); other > d; other = Array.LastIndexOf(labels, labels[d]))
            {
                var (size, second) = (x.Layout.Sizes[d], x.Layout.Sizes[other]);
                if (size != second)
                {
                    throw new ShapeException(
                        $"einsum(): subscript {Shown(labels[d])} is repeated for operand {operand} but the sizes don't match, {second} != " +
                        $"{size}. Its shape is {Shape.Text(x.Layout.Sizes)}.");
                }

                // Every (n + 1)th of n * n elements.
                var moved = x.Movedim(d, -1).Movedim(other - 1, -1);
                var all = Shape.Dimension((long)size * size, "the square of a diagonal");
                x = moved.Reshape([.. moved.Layout.Sizes.AsSpan(..^2), all]).Slice(-1, 0, null, size + 1).Movedim(-1, d);
                labels = [.. labels[..other], .. labels[(other + 1)..]];
            }
        }

        return new(x, labels);
    }

    /// <summary>Compares the sizes of an operand with those seen so far.</summary>
    private static void Meet(Labelled x, int operand, Dictionary<int, int> sizes)
    {
        for (var d = 0; d < x.Labels.Length; d++)
        {
            var (label, size) = (x.Labels[d], x.Tensor.Layout.Sizes[d]);
            if (!sizes.TryGetValue(label, out var known) || known == 1)
            {
                sizes[label] = size;
            }
            else if (size != known && size != 1)
            {
                throw new ShapeException(
                    $"einsum(): subscript {Shown(label)} has size {size} for operand {operand} which does not broadcast with previously seen " +
                    $"size {known}. The operand has shape {Shape.Text(x.Tensor.Layout.Sizes)}.");
            }
        }
    }

    /// <summary>The labels of a result that the equation does not name.</summary>
    private int[] Implied(int[] dots)
    {
        var letters = _operands.SelectMany(operand => operand).Where(label => label != Ellipsis).GroupBy(label => label);
        return [.. dots, .. letters.Where(same => same.Count() == 1).Select(same => same.Key).Order()];
    }
}
