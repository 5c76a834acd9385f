
namespace Adjoint.Pictures;

/// <summary>
/// Gives each vertex its horizontal position: near the mean of its neighbours, in the order of its layer, with room
/// between. A layer is placed at once and exactly: the positions that minimise the weighted squares of the distances
/// from the wished ones under the distances that must be kept are an isotonic regression, found by pooling neighbours
/// that are out of order (Ayer and others, 1955) in linear time. Layers are placed downwards and upwards in turn until
/// they have settled.
/// </summary>
internal sealed class Placement
{
    private const int Large = 10_000;
    private const double Gap = 28;

    // A bend pulls harder than a node, so that long arrows run straight.
    private const double BendWeight = 6;

    private readonly LayeredGraph _graph;
    private readonly double[] _widths;
    private readonly double[] _x;

    private Placement(LayeredGraph graph, double[] widths)
    {
        _graph = graph;
        _widths = widths;
        _x = new double[graph.Count];
    }

    /// <summary>The positions of the vertices' centres; the leftmost edge is at 0.</summary>
    public static double[] Run(LayeredGraph graph, double[] widths)
    {
        var placement = new Placement(graph, widths);
        var rounds = graph.Count < Large ? 48 : 8;
        for (var round = 0; round < rounds; round++)
        {
            // In the end neighbours on both sides count.
            var both = round >= rounds / 2;
            for (var i = 0; i < graph.Layers.Length; i++)
            {
                placement.Place(graph.Layers[i], above: true, below: both);
            }

            for (var i = graph.Layers.Length - 1; i >= 0; i--)
            {
                placement.Place(graph.Layers[i], above: both, below: true);
            }
        }

        var left = double.MaxValue;
        for (var i = 0; i < graph.Count; i++)
        {
            left = Math.Min(left, placement._x[i] - (widths[i] / 2));
        }

        return Array.ConvertAll(placement._x, x => x - left);
    }

    private void Place(int[] layer, bool above, bool below)
    {
        // Pools of neighbours that move as one: their weight, their mean wish, and where they end.
        var weights = new double[layer.Length];
        var means = new double[layer.Length];
        var ends = new int[layer.Length];
        var offsets = new double[layer.Length];
        var pools = 0;
        for (var i = 0; i < layer.Length; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + Gap + ((_widths[layer[i - 1]] + _widths[layer[i]]) / 2);
            var (wish, weight) = Wish(layer[i], above, below);
            (means[pools], weights[pools], ends[pools]) = (wish - offsets[i], weight, i + 1);
            pools++;
            while (pools > 1 && means[pools - 2] >= means[pools - 1])
            {
                var (first, second) = (pools - 2, pools - 1);
                var sum = weights[first] + weights[second];
                means[first] = ((means[first] * weights[first]) + (means[second] * weights[second])) / sum;
                weights[first] = sum;
                ends[first] = ends[second];
                pools--;
            }
        }

        for (int pool = 0, i = 0; pool < pools; pool++)
        {
            for (; i < ends[pool]; i++)
            {
                _x[layer[i]] = means[pool] + offsets[i];
            }
        }
    }

    /// <summary>
    /// Where a vertex would like to be, and how much; one without neighbours on the side looked at stays where it is.
    /// </summary>
    private (double Wish, double Weight) Wish(int vertex, bool above, bool below)
    {
        double sum = 0;
        double weights = 0;
        if (above)
        {
            Add(_graph.Above(vertex));
        }

        if (below)
        {
            Add(_graph.Below(vertex));
        }

        return weights > 0 ? (sum / weights, _graph.IsBend(vertex) ? BendWeight : 1) : (_x[vertex], 0.1);

        void Add(List<int> neighbours)
        {
            foreach (var neighbour in neighbours)
            {
                var weight = _graph.IsBend(vertex) && _graph.IsBend(neighbour) ? BendWeight : 1;
                sum += weight * _x[neighbour];
                weights += weight;
            }
        }
    }
}
