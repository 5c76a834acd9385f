using System.Globalization;
using System.Text;

namespace Adjoint.Pictures;

/// <summary>A graph in the language of Mermaid, which pages of GitHub and GitLab draw.</summary>
internal static class MermaidText
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static string Of(DrawnGraph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var kind in Enum.GetValues<DrawnKind>())
        {
            var (fill, line) = Palette.Of(kind);
            text.Append(Plain, $"  classDef {ClassOf(kind)} fill:{fill},stroke:{line},color:#1f2328\n");
        }

        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            text.Append(Plain, $"  n{i}[\"").AppendJoin("<br/>", node.Lines.Select(Escaped)).Append(Plain, $"\"]:::{ClassOf(node.Kind)}\n");
        }

        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var input in graph.Inputs[i])
            {
                text.Append(Plain, $"  n{input} --> n{i}\n");
            }
        }

        return text.ToString();
    }

    private static string ClassOf(DrawnKind kind) => kind switch
    {
        DrawnKind.Operator => "operator",
        DrawnKind.Result => "result",
        DrawnKind.Leaf => "leaf",
        DrawnKind.LeafWithGrad => "held",
        DrawnKind.Constant => "constant",
        _ => "module",
    };

    /// <summary>Letters that Mermaid or the page would read as markup, as character codes.</summary>
    private static string Escaped(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var letter in line.ReplaceLineEndings(" "))
        {
            _ = letter is '"' or '#' or '<' or '>' or '&' or ';' or '`' or '\\' or '[' or ']'
                ? text.Append(Plain, $"#{(int)letter};")
                : text.Append(letter);
        }

        return text.ToString();
    }
}
