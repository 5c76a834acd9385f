using System.Globalization;
using System.Text;
using System.Xml;

namespace Adjoint.Pictures;

/// <summary>
/// A graph as an SVG picture. Text is set in a monospaced face, whose letters are 0.6 em wide in nearly every system,
/// so that boxes fit without measuring.
/// </summary>
internal static class SvgText
{
    private const double NameSize = 13;
    private const double LineSize = 11;
    private const double LetterWidth = 0.6;
    private const double PadX = 12;
    private const double PadY = 8;
    private const double LineHeight = 15;
    private const double BendWidth = 4;
    private const double LayerGap = 40;
    private const double Margin = 20;
    private const double PortGap = 16;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static string Of(DrawnGraph graph)
    {
        var layered = new LayeredGraph(graph);
        Untangling.Run(layered);
        var widths = new double[layered.Count];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = layered.IsBend(i) ? BendWidth : Width(graph.Nodes[i].Lines);
        }

        var x = Placement.Run(layered, widths);
        var rows = Rows(graph, layered);
        var height = rows[^1].Bottom + Margin;
        var width = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            x[i] += Margin;
            width = Math.Max(width, x[i] + (widths[i] / 2) + Margin);
        }

        var text = new StringBuilder();
        text.Append(
            Plain,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.#}\" height=\"{height:0.#}\" " +
            $"viewBox=\"0 0 {width:0.#} {height:0.#}\" text-anchor=\"middle\" role=\"img\" " +
            $"font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\">\n");
        text.Append(Plain, $"<title>Computation graph: {graph.Nodes.Count} nodes</title>\n");
        text.Append(
            "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" " +
            "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0.5 8 4 0 7.5z\" fill=\"#57606a\"/></marker></defs>\n");
        text.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text.Append("<g fill=\"none\" stroke=\"#57606a\" stroke-width=\"1.3\">\n");
        Arrows(text, graph, layered, x, rows, widths);
        text.Append("</g>\n");
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            Box(text, graph.Nodes[i], x[i], Top(graph.Nodes[i], rows[layered.LayerOf(i)]), widths[i]);
        }

        return text.Append("</svg>\n").ToString();
    }

    /// <summary>The upper and lower edge of each layer, which is as high as its highest node.</summary>
    private static (double Top, double Bottom)[] Rows(DrawnGraph graph, LayeredGraph layered)
    {
        var rows = new (double Top, double Bottom)[layered.Layers.Length];
        var top = Margin;
        for (var i = 0; i < rows.Length; i++)
        {
            var nodes = layered.Layers[i].Where(vertex => !layered.IsBend(vertex));
            var height = nodes.Max(node => Height(graph.Nodes[node]));
            rows[i] = (top, top + height);
            top += height + LayerGap;
        }

        return rows;
    }

    /// <summary>
    /// Arrows turn only between layers and run upright through them, so that they pass beside the boxes, never behind
    /// them.
    /// </summary>
    private static void Arrows(
        StringBuilder text,
        DrawnGraph graph,
        LayeredGraph layered,
        double[] x,
        (double Top, double Bottom)[] rows,
        double[] widths)
    {
        for (var vertex = 0; vertex < layered.Count; vertex++)
        {
            // Ends lie side by side on the box, in the order of the starts, so that they do not cross.
            var starts = layered.Above(vertex).OrderBy(start => x[start]).ToList();
            var step = Math.Min(PortGap, (widths[vertex] - (2 * PadX)) / Math.Max(1, starts.Count - 1));
            for (var i = 0; i < starts.Count; i++)
            {
                var (start, isBend) = (starts[i], layered.IsBend(vertex));
                var (upper, lower) = (rows[layered.LayerOf(start)], rows[layered.LayerOf(vertex)]);
                var fromY = layered.IsBend(start) ? upper.Bottom : Bottom(graph.Nodes[start], upper);
                var toX = x[vertex] + (isBend ? 0 : (i - ((starts.Count - 1) / 2.0)) * step);
                var toY = isBend ? lower.Bottom : Top(graph.Nodes[vertex], lower);
                var middle = (upper.Bottom + lower.Top) / 2;
                var fromX = x[start];
                text.Append(Plain, $"<path d=\"M{fromX:0.#} {fromY:0.#}V{upper.Bottom:0.#}C{fromX:0.#} {middle:0.#} ");
                text.Append(Plain, $"{toX:0.#} {middle:0.#} {toX:0.#} {lower.Top:0.#}V{toY:0.#}\"");
                text.Append(isBend ? "/>\n" : " marker-end=\"url(#arrow)\"/>\n");
            }
        }
    }

    private static double Top(DrawnNode node, (double Top, double Bottom) row) =>
        (row.Top + row.Bottom - Height(node)) / 2;

    private static double Bottom(DrawnNode node, (double Top, double Bottom) row) =>
        (row.Top + row.Bottom + Height(node)) / 2;

    private static void Box(StringBuilder text, DrawnNode node, double x, double top, double width)
    {
        var (fill, line) = Palette.Of(node.Kind);
        var height = Height(node);
        var dash = node.Kind == DrawnKind.Constant ? " stroke-dasharray=\"4 3\"" : string.Empty;
        var weight = node.Kind == DrawnKind.Result ? "2" : "1.2";
        text.Append(
            Plain,
            $"<rect x=\"{x - (width / 2):0.#}\" y=\"{top:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" " +
            $"rx=\"7\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"{weight}\"{dash}/>\n");
        for (var i = 0; i < node.Lines.Length; i++)
        {
            var baseline = top + PadY + (LineHeight * i) + 11.5;
            var style = i == 0 && node.Kind != DrawnKind.Constant
                ? $"font-size=\"{NameSize}\" font-weight=\"600\" fill=\"#1f2328\""
                : $"font-size=\"{LineSize}\" fill=\"#57606a\"";
            text.Append(Plain, $"<text x=\"{x:0.#}\" y=\"{baseline:0.#}\" {style}>{Escaped(node.Lines[i])}</text>\n");
        }
    }

    private static double Height(DrawnNode node) => (2 * PadY) + (LineHeight * node.Lines.Length);

    private static double Width(string[] lines)
    {
        var width = 0.0;
        for (var i = 0; i < lines.Length; i++)
        {
            width = Math.Max(width, Columns(lines[i]) * LetterWidth * (i == 0 ? NameSize : LineSize));
        }

        return width + (2 * PadX);
    }

    /// <summary>How many letters wide a text is; letters of East Asian scripts and pictures take two.</summary>
    private static int Columns(string text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            columns += rune.Value < 0x1100 ? 1 : 2;
        }

        return columns;
    }

    /// <summary>Text that is safe inside an element, whatever a user called a tensor.</summary>
    private static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '&' => result.Append("&amp;"),
                < 0x10000 when !XmlConvert.IsXmlChar((char)rune.Value) => result.Append('\uFFFD'),
                _ => result.Append(rune),
            };
        }

        return result.ToString();
    }
}
