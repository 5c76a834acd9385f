using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Adjoint.NN;

namespace Adjoint.Tests.Pictures;

/// <summary>Pictures of graphs: what they say, in both languages, for graphs of every kind.</summary>
public partial class ComputationGraphTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static Tensor Leaf(params ReadOnlySpan<int> shape) => Tensor.Ones(shape).RequiresGrad_();

    private static List<string> Texts(string svg) =>
        [.. XDocument.Parse(svg).Descendants(Svg + "text").Select(text => text.Value)];

    /// <summary>
    /// The notebook's example, y = 2 x.x, written by hand from the graph that PyTorch records for it: there the number
    /// is the second factor.
    /// </summary>
    [Fact]
    public void TheNotebooksGraph()
    {
        var x = Leaf(4);
        var y = 2 * Tensor.Dot(x, x);
        y.Backward();
        Assert.Equal(
            """
            digraph computation {
              node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11];
              edge [arrowsize=0.7];
              n0 [label="MulBackward0\ny: scalar float32", fillcolor="#fff8c5", color="#9a6700"];
              n1 [label="DotBackward0\nscalar float32", fillcolor="#f6f8fa", color="#57606a"];
              n2 [label="x\n[4] float32\nholds Grad", fillcolor="#dafbe1", color="#1a7f37"];
              n3 [label="constant", fillcolor="#ffffff", color="#afb8c1"];
              n1 -> n0;
              n3 -> n0;
              n2 -> n1;
              n2 -> n1;
            }

            """.ReplaceLineEndings("\n"),
            ComputationGraph.ToDot(y, ("x", x), ("y", y)));

        var svg = ComputationGraph.ToSvg(y, ("x", x), ("y", y));
        Assert.Equal(
            [
                "MulBackward0", "y: scalar float32", "DotBackward0", "scalar float32",
                "x", "[4] float32", "holds Grad", "constant",
            ],
            Texts(svg));
        var arrows = XDocument.Parse(svg).Descendants(Svg + "path").Attributes("marker-end");
        Assert.Equal(4, arrows.Count());
    }

    [Fact]
    public void ALeafSaysWhetherItHoldsAGradient()
    {
        var (held, empty) = (Leaf(2), Leaf(2));
        held.Grad = Tensor.Ones(2);
        var texts = Texts(ComputationGraph.ToSvg(held * empty, ("held", held), ("empty", empty)));
        Assert.Equal("holds Grad", texts[texts.IndexOf("held") + 2]);
        Assert.Equal("no Grad yet", texts[texts.IndexOf("empty") + 2]);
    }

    [Fact]
    public void AMiddleTensorMayHaveANameAndRetainItsGradient()
    {
        var x = Leaf(2);
        var y = x * x;
        y.RetainGrad();
        Assert.Equal(
            [
                "SumBackward0", "scalar float32", "MulBackward0", "y: [2] float32", "retains Grad",
                "leaf", "[2] float32", "no Grad yet",
            ],
            Texts(ComputationGraph.ToSvg(y.Sum(), ("y", y))));
    }

    [Fact]
    public void ATensorWithoutHistoryIsAPictureOfItself()
    {
        var x = Leaf(3);
        Assert.Equal(["x", "[3] float32", "no Grad yet"], Texts(ComputationGraph.ToSvg(x, ("x", x))));
        Assert.Equal(["constant", "[2, 0] int64"], Texts(ComputationGraph.ToSvg(Tensor.Zeros([2, 0], DType.Int64))));
    }

    [Fact]
    public void ThePictureOutlivesTheBackwardPass()
    {
        var x = Leaf(3);
        var y = x.Exp().Sum();
        y.Backward();
        Assert.Equal(
            ["SumBackward0", "scalar float32", "ExpBackward0", "[3] float32", "leaf", "[3] float32", "holds Grad"],
            Texts(ComputationGraph.ToSvg(y)));
    }

    [Fact]
    public void OneGraphGivesOneText()
    {
        static string Draw(Func<Tensor, (string, Tensor)[], string> draw)
        {
            Sequential model = [new Linear(4, 3), new ReLU(), new Linear(3, 2)];
            var loss = model.Forward(Tensor.Ones(5, 4)).Sum();
            return draw(loss, [.. model.NamedParameters()]);
        }

        Assert.Equal(Draw((t, n) => ComputationGraph.ToDot(t, n)), Draw((t, n) => ComputationGraph.ToDot(t, n)));
        Assert.Equal(Draw((t, n) => ComputationGraph.ToSvg(t, n)), Draw((t, n) => ComputationGraph.ToSvg(t, n)));
    }

    /// <summary>
    /// Names are the user's: markup, quotes, letters of two columns, and characters that XML does not have.
    /// </summary>
    [Theory]
    [InlineData("<a href='x'>&amp;\"", "<a href='x'>&amp;\"")]
    [InlineData("重み", "重み")]
    [InlineData("a\u0001b", "a\uFFFDb")]
    public void AnyNameIsSafe(string name, string shown)
    {
        var x = Leaf(2);
        Assert.Equal(shown, Texts(ComputationGraph.ToSvg(x.Exp(), (name, x)))[2]);

        // Half a pair, which a constant of the test could not hold.
        Assert.Equal(shown + "\uFFFD", Texts(ComputationGraph.ToSvg(x.Exp(), (name + (char)0xD800, x)))[2]);
    }

    [Fact]
    public void QuotesAndLineEndsAreSafeInDot()
    {
        var x = Leaf(2);
        Assert.Contains(
            "label=\"a\\\"b\\\\c d\\n[2] float32",
            ComputationGraph.ToDot(x.Exp(), ("a\"b\\c\nd", x)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersAreWrittenWithPointsEverywhere()
    {
        var culture = CultureInfo.CurrentCulture;
        var x = Leaf(2);
        var y = (x * x + x).Sum();
        var svg = ComputationGraph.ToSvg(y);
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(svg, ComputationGraph.ToSvg(y));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>Deeper than a thread's stack is.</summary>
    [Fact]
    public void ALongChainIsDrawn()
    {
        const int Steps = 20_000;
        var y = Leaf();
        for (var i = 0; i < Steps; i++)
        {
            y = -y;
        }

        Assert.Equal(Steps, Arrow().Count(ComputationGraph.ToDot(y)));
        Assert.Equal(Steps, XDocument.Parse(ComputationGraph.ToSvg(y)).Descendants(Svg + "rect").Count() - 2);
    }

    [GeneratedRegex(" -> ")]
    private static partial Regex Arrow();
}
