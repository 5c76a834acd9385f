
namespace Adjoint.Pictures;

/// <summary>
/// A graph cut into layers: each vertex lies one layer or more below its inputs, and as near to what is made of it as
/// it can. An arrow that crosses layers is bent there, so that every segment joins neighbouring layers. All arrows from
/// one vertex share their bends: they carry the same value, and the number of bends stays small where one leaf is used
/// many times.
/// <para>Vertices 0 to n - 1 are the nodes of the graph; those from n on are bends.</para>
/// </summary>
internal sealed class LayeredGraph
{
    private readonly List<int> _layerOf = [];
    private readonly List<List<int>> _above = [];
    private readonly List<List<int>> _below = [];

    public LayeredGraph(DrawnGraph graph)
    {
        Nodes = graph.Nodes.Count;
        var height = Heights(graph, out var layers);
        for (var i = 0; i < Nodes; i++)
        {
            Add(layers - 1 - height[i]);
        }

        var bends = new Dictionary<(int Source, int Layer), int>();
        for (var i = 0; i < Nodes; i++)
        {
            foreach (var input in graph.Inputs[i])
            {
                Join(Bent(bends, input, _layerOf[i] - 1), i);
            }
        }

        Layers = new int[layers][];
        for (var layer = 0; layer < layers; layer++)
        {
            Layers[layer] = [];
        }

        // Vertices of a layer start in the order in which the walk met them: trees have no crossings then.
        foreach (var group in WalkOrder().GroupBy(vertex => _layerOf[vertex]))
        {
            Layers[group.Key] = [.. group];
        }
    }

    /// <summary>The number of vertices that are nodes, not bends.</summary>
    public int Nodes { get; }

    /// <summary>The number of vertices.</summary>
    public int Count => _layerOf.Count;

    /// <summary>The vertices of each layer from left to right; layer 0 is the topmost.</summary>
    public int[][] Layers { get; }

    /// <summary>The vertices of the layer above that lead to a vertex, one for each use.</summary>
    public List<int> Above(int vertex) => _above[vertex];

    /// <summary>The vertices of the layer below that a vertex leads to, one for each use.</summary>
    public List<int> Below(int vertex) => _below[vertex];

    public int LayerOf(int vertex) => _layerOf[vertex];

    public bool IsBend(int vertex) => vertex >= Nodes;

    /// <summary>For each node, the number of steps on the longest way to the result.</summary>
    private static int[] Heights(DrawnGraph graph, out int layers)
    {
        var height = new int[graph.Nodes.Count];
        layers = 1;
        for (var i = graph.FromInputs.Count - 1; i >= 0; i--)
        {
            var node = graph.FromInputs[i];
            foreach (var input in graph.Inputs[node])
            {
                height[input] = Math.Max(height[input], height[node] + 1);
                layers = Math.Max(layers, height[input] + 1);
            }
        }

        return height;
    }

    private int Add(int layer)
    {
        _layerOf.Add(layer);
        _above.Add([]);
        _below.Add([]);
        return _layerOf.Count - 1;
    }

    private void Join(int upper, int lower)
    {
        _below[upper].Add(lower);
        _above[lower].Add(upper);
    }

    /// <summary>
    /// The vertex in a layer that carries the value of a source: itself or a bend, made with those above if missing.
    /// </summary>
    private int Bent(Dictionary<(int Source, int Layer), int> bends, int source, int layer)
    {
        var missing = layer;
        while (missing > _layerOf[source] && !bends.ContainsKey((source, missing)))
        {
            missing--;
        }

        var vertex = missing == _layerOf[source] ? source : bends[(source, missing)];
        for (var next = missing + 1; next <= layer; next++)
        {
            var bend = bends[(source, next)] = Add(next);
            Join(vertex, bend);
            vertex = bend;
        }

        return vertex;
    }

    private List<int> WalkOrder()
    {
        var order = new List<int>();
        var seen = new bool[Count];
        var waiting = new Stack<int>();
        waiting.Push(0);
        seen[0] = true;
        while (waiting.TryPop(out var vertex))
        {
            order.Add(vertex);
            var above = _above[vertex];
            for (var i = above.Count - 1; i >= 0; i--)
            {
                if (!seen[above[i]])
                {
                    seen[above[i]] = true;
                    waiting.Push(above[i]);
                }
            }
        }

        return order;
    }
}
