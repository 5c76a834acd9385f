using Adjoint.Pictures;

namespace Adjoint;

/// <summary>
/// The recorded history of a tensor as a picture: an operator for each step with the shape of its result, leaves with
/// whether they hold a gradient, and arrows from inputs to results. The same graph gives the same text.
/// </summary>
/// <example>
/// <code>
/// Tensor x = [0f, 1, 2, 4];
/// x.RequiresGrad = true;
/// var y = 2 * Tensor.Dot(x, x);
/// File.WriteAllText("graph.svg", ComputationGraph.ToSvg(y, ("x", x), ("y", y)));
/// </code>
/// </example>
public static partial class ComputationGraph
{
    /// <summary>
    /// The graph in the language of Graphviz (<c>dot -Tsvg graph.dot</c>). Takes time in proportion to the graph.
    /// </summary>
    /// <param name="tensor">The tensor whose history is drawn. One without history gives a picture of itself.</param>
    /// <param name="names">Names for leaves and results, such as <c>("x", x)</c> or all of a module's named
    /// parameters.</param>
    public static string ToDot(Tensor tensor, params ReadOnlySpan<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return DotText.Of(DrawnGraph.Of(tensor, names));
    }

    /// <summary>
    /// The graph as an SVG picture that needs no other program; inputs are above, the result below. Meant for graphs
    /// that one can look at, up to some thousands of operators.
    /// </summary>
    /// <param name="tensor">The tensor whose history is drawn. One without history gives a picture of itself.</param>
    /// <param name="names">Names for leaves and results, such as <c>("x", x)</c> or all of a module's named
    /// parameters.</param>
    public static string ToSvg(Tensor tensor, params ReadOnlySpan<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return SvgText.Of(DrawnGraph.Of(tensor, names));
    }

    /// <summary>The graph in the language of Mermaid (<c>flowchart</c>), which many pages and notebooks draw.</summary>
    /// <param name="tensor">The tensor whose history is drawn. One without history gives a picture of itself.</param>
    /// <param name="names">Names for leaves and results, such as <c>("x", x)</c> or all of a module's named
    /// parameters.</param>
    public static string ToMermaid(Tensor tensor, params ReadOnlySpan<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return MermaidText.Of(DrawnGraph.Of(tensor, names));
    }

    /// <summary>As <see cref="ToDot(Tensor, ReadOnlySpan{ValueTuple{string, Tensor}})"/>, drawn as told.</summary>
    /// <param name="tensor">The tensor whose history is drawn.</param>
    /// <param name="options">How it is drawn.</param>
    /// <param name="names">Names for leaves and results; those of a module's parameters tell which module an operator belongs to.</param>
    public static string ToDot(Tensor tensor, GraphOptions options, params ReadOnlySpan<(string Name, Tensor Tensor)> names) =>
        DotText.Of(Drawn(tensor, options, names));

    /// <summary>As <see cref="ToSvg(Tensor, ReadOnlySpan{ValueTuple{string, Tensor}})"/>, drawn as told.</summary>
    /// <param name="tensor">The tensor whose history is drawn.</param>
    /// <param name="options">How it is drawn.</param>
    /// <param name="names">Names for leaves and results; those of a module's parameters tell which module an operator belongs to.</param>
    public static string ToSvg(Tensor tensor, GraphOptions options, params ReadOnlySpan<(string Name, Tensor Tensor)> names) =>
        SvgText.Of(Drawn(tensor, options, names));

    /// <summary>As <see cref="ToMermaid(Tensor, ReadOnlySpan{ValueTuple{string, Tensor}})"/>, drawn as told.</summary>
    /// <param name="tensor">The tensor whose history is drawn.</param>
    /// <param name="options">How it is drawn.</param>
    /// <param name="names">Names for leaves and results; those of a module's parameters tell which module an operator belongs to.</param>
    public static string ToMermaid(Tensor tensor, GraphOptions options, params ReadOnlySpan<(string Name, Tensor Tensor)> names) =>
        MermaidText.Of(Drawn(tensor, options, names));

    private static DrawnGraph Drawn(Tensor tensor, GraphOptions options, ReadOnlySpan<(string Name, Tensor Tensor)> names)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(options);
        var graph = DrawnGraph.Of(tensor, names);
        return options.ModuleDepth is { } depth ? ModuleBoxes.Collapse(graph, depth) : graph;
    }
}
