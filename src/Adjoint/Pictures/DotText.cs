using System.Globalization;
using System.Text;

namespace Adjoint.Pictures;

/// <summary>A graph in the language of Graphviz.</summary>
internal static class DotText
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static string Of(DrawnGraph graph)
    {
        var text = new StringBuilder();
        text.Append("digraph computation {\n");
        text.Append("  node [shape=box, style=\"rounded,filled\", fontname=\"monospace\", fontsize=11];\n");
        text.Append("  edge [arrowsize=0.7];\n");
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            var (fill, line) = Palette.Of(node.Kind);
            text.Append(Plain, $"  n{i} [label=\"").AppendJoin("\\n", node.Lines.Select(Escaped));
            text.Append(Plain, $"\", fillcolor=\"{fill}\", color=\"{line}\"];\n");
        }

        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var input in graph.Inputs[i])
            {
                text.Append(Plain, $"  n{input} -> n{i};\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    private static string Escaped(string line) => line
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}
