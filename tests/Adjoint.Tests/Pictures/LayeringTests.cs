using System.Globalization;
using System.Xml.Linq;
using Adjoint.NN;
using Adjoint.Pictures;

namespace Adjoint.Tests.Pictures;

/// <summary>Where the layout puts the vertices of a graph.</summary>
public class LayeringTests
{
    private static Tensor Leaf() => Tensor.Ones(2).RequiresGrad_();

    /// <summary>A graph without design: each operator takes what was made not long before.</summary>
    private static Tensor Tangle(int seed, int operators)
    {
        var random = new Random(seed);
        List<Tensor> made = [Leaf(), Leaf(), Leaf(), Leaf()];
        for (var i = 0; i < operators; i++)
        {
            Tensor Recent() => made[random.Next(Math.Max(0, made.Count - 9), made.Count)];
            made.Add(random.Next(3) == 0 ? Recent().Sin() : Recent() * Recent());
        }

        return made[^6..].Aggregate((sum, next) => sum + next).Sum();
    }

    private static LayeredGraph Layered(Tensor tensor)
    {
        var graph = new LayeredGraph(DrawnGraph.Of(tensor, []));
        Untangling.Run(graph);
        return graph;
    }

    private static long CrossingsByPairs(LayeredGraph graph)
    {
        var place = new int[graph.Count];
        foreach (var layer in graph.Layers)
        {
            for (var i = 0; i < layer.Length; i++)
            {
                place[layer[i]] = i;
            }
        }

        long crossings = 0;
        foreach (var layer in graph.Layers)
        {
            var arrows = layer.SelectMany(v => graph.Above(v).Select(u => (Upper: place[u], Lower: place[v]))).ToList();
            crossings += arrows.Sum(a => arrows.Count(b => a.Upper < b.Upper && a.Lower > b.Lower));
        }

        return crossings;
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 100)]
    [InlineData(3, 400)]
    public void EveryArrowJoinsNeighbouringLayers(int seed, int operators)
    {
        var graph = Layered(Tangle(seed, operators));
        Assert.Equal(graph.Count, graph.Layers.Sum(layer => layer.Distinct().Count()));
        Assert.Equal([0], graph.Layers[^1]);
        for (var vertex = 0; vertex < graph.Count; vertex++)
        {
            Assert.All(graph.Above(vertex), upper => Assert.Equal(graph.LayerOf(vertex) - 1, graph.LayerOf(upper)));

            // A bend passes on one value, and does not hang in the air.
            Assert.True(!graph.IsBend(vertex) || (graph.Above(vertex).Count == 1 && graph.Below(vertex).Count >= 1));
        }
    }

    /// <summary>
    /// The count by partial sums against the count of all pairs; and the order found is better than the first.
    /// </summary>
    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 100)]
    public void CrossingsAreCountedAndBecomeFewer(int seed, int operators)
    {
        var before = new LayeredGraph(DrawnGraph.Of(Tangle(seed, operators), []));
        Assert.Equal(CrossingsByPairs(before), Untangling.Crossings(before));
        var first = Untangling.Crossings(before);
        Untangling.Run(before);
        Assert.Equal(CrossingsByPairs(before), Untangling.Crossings(before));
        Assert.True(Untangling.Crossings(before) < first);
    }

    [Fact]
    public void PlainGraphsHaveNoCrossings()
    {
        var x = Leaf();
        Assert.Equal(0, Untangling.Crossings(Layered(2 * Tensor.Dot(x, x))));

        Sequential model = [new Linear(4, 3), new ReLU(), new Linear(3, 3), new ReLU(), new Linear(3, 2)];
        Assert.Equal(0, Untangling.Crossings(Layered(model.Forward(Tensor.Ones(5, 4)).Sum())));

        // A residual network: the arrow around each block runs beside it.
        var h = x;
        for (var i = 0; i < 5; i++)
        {
            h = h + (h * Leaf()).Tanh();
        }

        Assert.Equal(0, Untangling.Crossings(Layered(h)));
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 300)]
    public void VerticesKeepTheirOrderAndTheirDistance(int seed, int operators)
    {
        var graph = Layered(Tangle(seed, operators));
        var widths = new double[graph.Count];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = 10 + (i % 7 * 20);
        }

        var x = Placement.Run(graph, widths);
        foreach (var layer in graph.Layers)
        {
            for (var i = 1; i < layer.Length; i++)
            {
                var between = x[layer[i]] - (widths[layer[i]] / 2) - (x[layer[i - 1]] + (widths[layer[i - 1]] / 2));
                Assert.True(between > 27.9, $"{between}");
            }
        }

        Assert.Equal(0, Enumerable.Range(0, graph.Count).Min(i => x[i] - (widths[i] / 2)), 1e-9);
    }

    /// <summary>Two inputs of one operator, of equal width, stand symmetrically above it.</summary>
    [Fact]
    public void AnOperatorStandsBelowTheMiddleOfItsInputs()
    {
        var graph = Layered(Leaf() * Leaf());
        var x = Placement.Run(graph, [100, 60, 60]);
        Assert.Equal([74, 30, 118], x.Select(at => Math.Round(at)));
    }

    /// <summary>The picture's size covers everything in it.</summary>
    [Fact]
    public void BoxesLieInsideThePictureAndApart()
    {
        var svg = XDocument.Parse(ComputationGraph.ToSvg(Tangle(5, 150))).Root!;
        double Number(XElement element, string name) =>
            double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

        var boxes = svg.Elements().Where(e => e.Name.LocalName == "rect" && e.Attribute("rx") is not null)
            .Select(e => (X: Number(e, "x"), Y: Number(e, "y"), W: Number(e, "width"), H: Number(e, "height")))
            .ToList();
        Assert.True(boxes.Count > 100);
        Assert.All(boxes, b => Assert.True(
            b.X > 0 && b.Y > 0 && b.X + b.W < Number(svg, "width") && b.Y + b.H < Number(svg, "height")));
        Assert.All(boxes, a => Assert.Single(
            boxes, b => a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H));
    }
}
