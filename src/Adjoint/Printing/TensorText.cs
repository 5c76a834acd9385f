using System.Text;

namespace Adjoint.Printing;

// Printing goes over the printed positions twice, in the same order. The first pass reads them (a summarised tensor's
// edges only, each element once) and turns them into an ElementColumn: how a number looks depends on all the others
// that are shown. The second pass takes the texts from the column one after the other and places brackets, line breaks
// and ellipses between them.

/// <summary>The text of a tensor as PyTorch prints it.</summary>
internal static class TensorText
{
    private const string Opening = "tensor(";

    /// <summary>Writes the whole text, from <c>tensor(</c> to the closing parenthesis.</summary>
    /// <param name="elements">The tensor's elements.</param>
    /// <param name="gradFn">The name of the node that made it, such as <c>MulBackward0</c>; null for a leaf.</param>
    /// <param name="requiresGrad">Whether gradients flow to it; shown where there is no node.</param>
    /// <param name="options">How to print.</param>
    internal static string Format<E>(E elements, string? gradFn, bool requiresGrad, PrintOptions options)
        where E : IElements
    {
        var count = Shape.Product(elements.Shape);
        var page = new Page(options.LineWidth);
        page.Append(Opening);
        if (count == 0)
            page.Append("[]");
        else
            new Body<E>(elements, isSummary: count > options.Threshold, options, page).Write();

        var suffixes = new List<string>();
        if (count == 0 && elements.Shape.Length != 1)
            suffixes.Add("size=(" + string.Join(", ", elements.Shape.ToArray()) + ")");

        if (!IsImplied(elements.DType, count))
            suffixes.Add("dtype=" + elements.DType.TorchName);

        if (gradFn is not null)
            suffixes.Add("grad_fn=<" + gradFn + ">");
        else if (requiresGrad)
            suffixes.Add("requires_grad=True");

        page.AppendSuffixes(suffixes, Opening.Length);
        page.Append(")");
        return page.ToString();
    }

    // Elements tell an integer or a bool from a real number; where there are none, those dtypes are named as well.
    private static bool IsImplied(DType dtype, long count) =>
        dtype == DType.DefaultReal || (count > 0 && (dtype == DType.Int64 || dtype == DType.Bool));

    /// <summary>Text under construction that knows where its last line began.</summary>
    private sealed class Page(int lineWidth)
    {
        private readonly StringBuilder _text = new();
        private int _lineStart;

        public override string ToString() => _text.ToString();

        internal int LineWidth => lineWidth;

        internal void Append(string text) => _text.Append(text);

        internal void Append(char sign, int times) => _text.Append(sign, times);

        internal void AppendPadded(string text, int width) =>
            _text.Append(' ', Math.Max(0, width - text.Length)).Append(text);

        internal void BreakLine(int lines, int indent)
        {
            _text.Append('\n', lines);
            _lineStart = _text.Length;
            _text.Append(' ', indent);
        }

        internal void AppendSuffixes(List<string> suffixes, int indent)
        {
            // PyTorch counts the line that ends the elements two characters longer than it is.
            var length = _text.Length - _lineStart + 2;
            foreach (var suffix in suffixes)
            {
                _text.Append(',');
                if (length + suffix.Length + 2 > lineWidth)
                {
                    BreakLine(1, indent);
                    length = indent + suffix.Length;
                }
                else
                {
                    _text.Append(' ');
                    length += suffix.Length + 2;
                }

                _text.Append(suffix);
            }
        }
    }

    /// <summary>One dimension's printed positions: all of them, or <paramref name="Edge"/> at either end.</summary>
    /// <param name="Size">The size of the dimension.</param>
    /// <param name="Edge">How many are printed before the ellipsis; 0 where nothing is left out.</param>
    private readonly record struct Printed(int Size, int Edge)
    {
        internal int Count => Edge == 0 ? Size : 2 * Edge;

        internal static Printed Of(int size, bool isSummary, int edgeItems) =>
            new(size, isSummary && size > 2L * edgeItems ? edgeItems : 0);

        internal int IndexOf(int position) => Edge > 0 && position >= Edge ? Size - Count + position : position;

        internal bool HasEllipsisBefore(int position) => Edge > 0 && position == Edge;
    }

    /// <summary>The brackets and what is in them, of a tensor that has elements.</summary>
    private sealed class Body<E>
        where E : IElements
    {
        private readonly Printed[] _dims;
        private readonly ElementColumn _column;
        private readonly Page _page;
        private int _next;

        internal Body(E elements, bool isSummary, PrintOptions options, Page page)
        {
            _page = page;
            _dims = new Printed[elements.Shape.Length];
            var count = 1;
            for (var d = 0; d < _dims.Length; d++)
            {
                _dims[d] = Printed.Of(elements.Shape[d], isSummary, options.EdgeItems);
                count = checked(count * _dims[d].Count);
            }

            _column = elements.DType.IsFloatingPoint
                ? ElementColumn.Of(Read(elements, count, static (e, index) => e.ReadDouble(index)), options)
                : ElementColumn.Of(
                    Read(elements, count, static (e, index) => e.ReadInt64(index)),
                    areBools: elements.DType == DType.Bool,
                    areUnsigned: elements.DType == DType.UInt64);
        }

        private delegate T Reader<T>(E elements, ReadOnlySpan<int> index);

        internal void Write()
        {
            if (_dims.Length == 0)
                WriteElement();
            else
                WriteRows();
        }

        private T[] Read<T>(E elements, int count, Reader<T> read)
        {
            var values = new T[count];
            var positions = new int[_dims.Length];
            var index = new int[_dims.Length];
            foreach (ref var value in values.AsSpan())
            {
                for (var d = 0; d < index.Length; d++)
                    index[d] = _dims[d].IndexOf(positions[d]);

                value = read(elements, index);

                // An odometer: the last dimension turns fastest.
                for (var d = positions.Length - 1; d >= 0 && ++positions[d] == _dims[d].Count; d--)
                    positions[d] = 0;
            }

            return values;
        }

        // Row by row instead of dimension inside dimension: a tensor may have more dimensions than a stack has room for calls.
        private void WriteRows()
        {
            var last = _dims.Length - 1;
            var positions = new int[last];
            _page.Append('[', _dims.Length);
            while (true)
            {
                WriteRow(_dims[last], Opening.Length + last);
                _page.Append("]");
                var d = last - 1;
                while (d >= 0 && ++positions[d] == _dims[d].Count)
                {
                    positions[d--] = 0;
                    _page.Append("]");
                }

                if (d < 0)
                    return;

                Separate(d);
                if (_dims[d].HasEllipsisBefore(positions[d]))
                {
                    _page.Append("...");
                    Separate(d);
                }

                _page.Append('[', last - d);
            }

            // A blank line parts matrices, two part blocks of them, and so on.
            void Separate(int d)
            {
                _page.Append(",");
                _page.BreakLine(last - d, Opening.Length + d + 1);
            }
        }

        private void WriteRow(Printed row, int indent)
        {
            var perLine = Math.Max(1, (_page.LineWidth - indent) / (_column.Width + 2));
            var item = 0;
            for (var position = 0; position < row.Count; position++)
            {
                if (row.HasEllipsisBefore(position))
                {
                    Separate();
                    _page.Append(" ...");
                }

                Separate();
                WriteElement();
            }

            // The ellipsis takes the place of an element on its line.
            void Separate()
            {
                if (item > 0)
                {
                    _page.Append(",");
                    if (item % perLine == 0)
                        _page.BreakLine(1, indent + 1);
                    else
                        _page.Append(" ");
                }

                item++;
            }
        }

        private void WriteElement() => _page.AppendPadded(_column.Texts[_next++], _column.Width);
    }
}
