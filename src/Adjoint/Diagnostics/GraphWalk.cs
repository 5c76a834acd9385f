
namespace Adjoint.Diagnostics;

/// <summary>Walks over recorded graphs, level by level, which no depth can overflow.</summary>
internal static class GraphWalk
{
    /// <summary>All nodes that gradients from a node flow to, and itself, nearest first.</summary>
    public static IEnumerable<Node> From(Node root)
    {
        var seen = new HashSet<Node> { root };
        var waiting = new Queue<Node>([root]);
        while (waiting.TryDequeue(out var node))
        {
            yield return node;
            for (var i = 0; i < node.EdgeCount; i++)
            {
                if (node.GetEdge(i).Node is { } next && seen.Add(next))
                {
                    waiting.Enqueue(next);
                }
            }
        }
    }

    /// <summary>The shortest way from a node up to one of several that it was used by; empty if there is none.</summary>
    public static List<Node> Path(Node from, IEnumerable<Node> roots)
    {
        var parents = new Dictionary<Node, Node?>();
        var waiting = new Queue<Node>();
        foreach (var root in roots)
        {
            if (parents.TryAdd(root, null))
            {
                waiting.Enqueue(root);
            }
        }

        while (waiting.TryDequeue(out var node) && node != from)
        {
            for (var i = 0; i < node.EdgeCount; i++)
            {
                if (node.GetEdge(i).Node is { } next && parents.TryAdd(next, node))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        var path = new List<Node>();
        for (var node = parents.ContainsKey(from) ? from : null; node is not null; node = parents[node])
        {
            path.Add(node);
        }

        return path;
    }
}
