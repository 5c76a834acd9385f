
namespace Adjoint.Pictures;

/// <summary>
/// Orders the vertices of each layer so that few arrows cross: layer by layer, downwards and upwards in turn, each
/// vertex goes to the mean position of its neighbours in the layer before (the barycentre method of Sugiyama, Tagawa
/// and Toda, 1981). The best order met is kept.
/// </summary>
internal static class Untangling
{
    private const int Rounds = 24;

    public static void Run(LayeredGraph graph)
    {
        var place = new double[graph.Count];
        foreach (var layer in graph.Layers)
        {
            Number(layer, place);
        }

        var best = Array.ConvertAll(graph.Layers, layer => (int[])layer.Clone());
        var fewest = Crossings(graph, place);
        for (var round = 0; round < Rounds && fewest > 0; round++)
        {
            var downwards = round % 2 == 0;
            for (var i = 1; i < graph.Layers.Length; i++)
            {
                var layer = graph.Layers[downwards ? i : graph.Layers.Length - 1 - i];
                var keys = Array.ConvertAll(
                    layer, vertex => Mean(downwards ? graph.Above(vertex) : graph.Below(vertex), place, place[vertex]));
                Sort(keys, layer);
                Number(layer, place);
            }

            var crossings = Crossings(graph, place);
            if (crossings < fewest)
            {
                fewest = crossings;
                best = Array.ConvertAll(graph.Layers, layer => (int[])layer.Clone());
            }
        }

        best.CopyTo(graph.Layers, 0);
    }

    /// <summary>How many pairs of arrows cross.</summary>
    internal static long Crossings(LayeredGraph graph)
    {
        var place = new double[graph.Count];
        foreach (var layer in graph.Layers)
        {
            Number(layer, place);
        }

        return Crossings(graph, place);
    }

    private static long Crossings(LayeredGraph graph, double[] place)
    {
        long crossings = 0;
        for (var i = 1; i < graph.Layers.Length; i++)
        {
            crossings += Crossings(graph, graph.Layers[i - 1], graph.Layers[i].Length, place);
        }

        return crossings;
    }

    /// <summary>
    /// Arrows sorted by their upper ends cross where their lower ends are out of order; those are counted with a tree
    /// of partial sums (Fenwick, 1994) in n log n.
    /// </summary>
    private static long Crossings(LayeredGraph graph, int[] upper, int lower, double[] place)
    {
        var sums = new long[lower + 1];
        long arrows = 0;
        long crossings = 0;
        foreach (var vertex in upper)
        {
            var ends = graph.Below(vertex).ConvertAll(end => (int)place[end]);
            foreach (var end in ends)
            {
                crossings += arrows;
                for (var i = end + 1; i > 0; i -= i & -i)
                {
                    crossings -= sums[i];
                }
            }

            foreach (var end in ends)
            {
                arrows++;
                for (var i = end + 1; i <= lower; i += i & -i)
                {
                    sums[i]++;
                }
            }
        }

        return crossings;
    }

    private static double Mean(List<int> neighbours, double[] place, double otherwise)
    {
        if (neighbours.Count == 0)
        {
            return otherwise;
        }

        double sum = 0;
        foreach (var neighbour in neighbours)
        {
            sum += place[neighbour];
        }

        return sum / neighbours.Count;
    }

    private static void Number(int[] layer, double[] place)
    {
        for (var i = 0; i < layer.Length; i++)
        {
            place[layer[i]] = i;
        }
    }

    /// <summary>
    /// Sorts vertices by keys; equal ones stay in order, unlike with <see cref="Array.Sort(Array)"/>.
    /// </summary>
    private static void Sort(double[] keys, int[] layer)
    {
        var order = layer.Select((vertex, i) => (vertex, key: keys[i])).OrderBy(pair => pair.key).ToArray();
        for (var i = 0; i < layer.Length; i++)
        {
            layer[i] = order[i].vertex;
        }
    }
}
