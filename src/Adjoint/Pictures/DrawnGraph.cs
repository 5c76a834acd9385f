using Adjoint.Engine;
using Adjoint.Tape;

namespace Adjoint.Pictures;

/// <summary>What a node of the picture stands for.</summary>
internal enum DrawnKind
{
    /// <summary>A recorded operator.</summary>
    Operator,

    /// <summary>The operator that made the tensor whose graph is drawn.</summary>
    Result,

    /// <summary>A leaf that requires grad and has none yet.</summary>
    Leaf,

    /// <summary>A leaf that holds a gradient.</summary>
    LeafWithGrad,

    /// <summary>An input that needs no gradient, of which the graph knows nothing else.</summary>
    Constant,

    /// <summary>All operators of a module.</summary>
    Module,
}

/// <summary>A node of the picture.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Lines">Its text: the name first.</param>
/// <param name="Name">What the user calls it.</param>
/// <param name="Elements">The number of elements.</param>
/// <param name="Order">When it was recorded.</param>
internal sealed record DrawnNode(DrawnKind Kind, string[] Lines, string? Name = null, long Elements = 0, long Order = 0);

/// <summary>
/// The nodes and arrows of a tensor's graph in an order that depends on the graph only: as a walk from the result meets
/// them, inputs from left to right.
/// </summary>
internal sealed class DrawnGraph
{
    private readonly List<DrawnNode> _nodes = [];
    private readonly List<List<int>> _inputs = [];
    private readonly List<int> _finished = [];

    private DrawnGraph()
    {
    }

    /// <summary>The nodes; the result is the first.</summary>
    public IReadOnlyList<DrawnNode> Nodes => _nodes;

    /// <summary>For each node its inputs, one for each use.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Inputs => _inputs;

    /// <summary>All nodes so that inputs stand before what is made of them.</summary>
    public IReadOnlyList<int> FromInputs => _finished;

    public static DrawnGraph Of(Tensor tensor, ReadOnlySpan<(string Name, Tensor Tensor)> names)
    {
        var known = new Dictionary<Node, string>();
        foreach (var (name, named) in names)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(named);
            if (Edge.To(named).Node is { } node)
            {
                known[node] = name;
            }
        }

        var graph = new DrawnGraph();
        if (Edge.To(tensor).Node is { } root)
        {
            graph.Walk(root, known);
        }
        else
        {
            graph.Finish(graph.Add(new DrawnNode(DrawnKind.Constant, ["constant", Size(tensor.Layout, tensor.DType)])));
        }

        return graph;
    }

    /// <summary>The graph with some nodes drawn as one.</summary>
    /// <param name="boxes">For each node the box that it is drawn in; null for one that stays. No box is part of a circle.</param>
    /// <param name="draw">Draws a box.</param>
    public DrawnGraph Merged(string?[] boxes, Func<string, DrawnNode> draw)
    {
        var merged = new DrawnGraph();
        var indices = new Dictionary<object, int>();
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (!indices.ContainsKey(KeyOf(i)))
            {
                indices[KeyOf(i)] = merged.Add(boxes[i] is { } box ? draw(box) : _nodes[i]);
            }
        }

        for (var i = 0; i < _nodes.Count; i++)
        {
            foreach (var input in _inputs[i])
            {
                var (from, to) = (indices[KeyOf(input)], indices[KeyOf(i)]);
                if (from != to && (boxes[input] is null || !merged._inputs[to].Contains(from)))
                {
                    merged._inputs[to].Add(from);
                }
            }
        }

        // Each as soon as all its inputs are there.
        var waits = merged._inputs.ConvertAll(inputs => inputs.Count);
        var users = merged._nodes.ConvertAll(_ => new List<int>());
        for (var i = 0; i < merged._nodes.Count; i++)
        {
            merged._inputs[i].ForEach(input => users[input].Add(i));
        }

        var ready = new Queue<int>(Enumerable.Range(0, waits.Count).Where(i => waits[i] == 0));
        while (ready.TryDequeue(out var next))
        {
            merged.Finish(next);
            foreach (var user in users[next])
            {
                if (--waits[user] == 0)
                {
                    ready.Enqueue(user);
                }
            }
        }

        return merged;

        object KeyOf(int node) => boxes[node] ?? (object)node;
    }

    /// <summary>Depth first with a stack of its own, because a graph may be deeper than a thread's.</summary>
    private void Walk(Node root, Dictionary<Node, string> names)
    {
        var indices = new Dictionary<Node, int> { [root] = Add(Drawn(root, names, isResult: true)) };
        var path = new Stack<(Node Node, int Edge)>();
        path.Push((root, 0));
        while (path.TryPop(out var step))
        {
            var (node, edge) = step;
            var index = indices[node];
            if (edge == node.EdgeCount)
            {
                Finish(index);
                continue;
            }

            path.Push((node, edge + 1));
            if (node.GetEdge(edge).Node is not { } input)
            {
                var constant = Add(new DrawnNode(DrawnKind.Constant, ["constant"]));
                Finish(constant);
                _inputs[index].Add(constant);
                continue;
            }

            if (!indices.TryGetValue(input, out var source))
            {
                source = indices[input] = Add(Drawn(input, names, isResult: false));
                path.Push((input, 0));
            }

            _inputs[index].Add(source);
        }
    }

    private int Add(DrawnNode node)
    {
        _nodes.Add(node);
        _inputs.Add([]);
        return _nodes.Count - 1;
    }

    private void Finish(int index) => _finished.Add(index);

    private static DrawnNode Drawn(Node node, Dictionary<Node, string> names, bool isResult)
    {
        names.TryGetValue(node, out var name);
        var size = Size(node.OutputLayout, node.OutputDType);
        if (node is AccumulateGrad leaf)
        {
            var holds = leaf.Variable.State?.Grad is not null;
            return new DrawnNode(
                holds ? DrawnKind.LeafWithGrad : DrawnKind.Leaf,
                [name ?? "leaf", size, holds ? "holds Grad" : "no Grad yet"],
                name,
                node.OutputLayout.Count);
        }

        string[] lines = [node.Name, name is null ? size : $"{name}: {size}"];
        return new DrawnNode(
            isResult ? DrawnKind.Result : DrawnKind.Operator,
            node.Hooks?.Retained is null ? lines : [.. lines, "retains Grad"],
            Order: node.SequenceNumber);
    }

    private static string Size(Layout layout, DType dtype) =>
        (layout.Rank == 0 ? "scalar " : Shape.Text(layout.Sizes) + " ") + dtype.TorchName["torch.".Length..];
}
