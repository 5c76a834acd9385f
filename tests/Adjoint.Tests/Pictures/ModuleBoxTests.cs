using System.Xml.Linq;
using Adjoint.NN;

namespace Adjoint.Tests.Pictures;

/// <summary>Modules as boxes, and Mermaid's language.</summary>
public class ModuleBoxTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static List<string> Texts(string svg) =>
        [.. XDocument.Parse(svg).Descendants(Svg + "text").Select(text => text.Value)];

    private static Tensor Leaf(params ReadOnlySpan<int> shape) => Tensor.Ones(shape).RequiresGrad_();

    [Fact]
    public void MermaidSaysTheSameAsDot()
    {
        var x = Leaf(4);
        var y = 2 * Tensor.Dot(x, x);
        Assert.Equal(
            """
            flowchart TD
              classDef operator fill:#f6f8fa,stroke:#57606a,color:#1f2328
              classDef result fill:#fff8c5,stroke:#9a6700,color:#1f2328
              classDef leaf fill:#ddf4ff,stroke:#0969da,color:#1f2328
              classDef held fill:#dafbe1,stroke:#1a7f37,color:#1f2328
              classDef constant fill:#ffffff,stroke:#afb8c1,color:#1f2328
              classDef module fill:#fbefff,stroke:#8250df,color:#1f2328
              n0["MulBackward0<br/>y: scalar float32"]:::result
              n1["DotBackward0<br/>scalar float32"]:::operator
              n2["x #34;1#34;<br/>#91;4#93; float32<br/>no Grad yet"]:::leaf
              n3["constant"]:::constant
              n1 --> n0
              n3 --> n0
              n2 --> n1
              n2 --> n1

            """.ReplaceLineEndings("\n"),
            ComputationGraph.ToMermaid(y, ("x \"1\"", x), ("y", y)));
    }

    /// <summary>Two layers with an operator between: it runs inside the model, but in neither layer.</summary>
    [Fact]
    public void EachModuleIsABox()
    {
        Sequential inner = [new Linear(4, 3), new ReLU(), new Linear(3, 2)];
        Sequential model = [new Linear(5, 4), inner];
        var loss = model.Forward(Tensor.Ones(7, 5)).Sum();
        (string, Tensor)[] names = [.. model.NamedParameters()];
        Assert.Equal(
            [
                "SumBackward0", "scalar float32",
                "1", "[7, 2] float32", "3 operators", "4 parameters: 23",
                "0", "[7, 4] float32", "1 operator", "2 parameters: 24",
            ],
            Texts(ComputationGraph.ToSvg(loss, new GraphOptions { ModuleDepth = 1 }, names)));
        Assert.Equal(
            ["SumBackward0", "1.2", "ReluBackward0", "1.0", "0"],
            Texts(ComputationGraph.ToSvg(loss, new GraphOptions { ModuleDepth = 2 }, names))
                .Where(text => text.Contains("Backward", StringComparison.Ordinal) || char.IsAsciiDigit(text[0]))
                .Where(text => !text.Contains(' ', StringComparison.Ordinal)));
    }

    [Fact]
    public void AModuleThatRunsTwiceIsTwoBoxes()
    {
        var cell = new Linear(3, 3);
        var x = cell.Forward(cell.Forward(Tensor.Ones(2, 3)).Tanh());
        var texts = Texts(ComputationGraph.ToSvg(
            x.Sum(), new GraphOptions { ModuleDepth = 1 }, [.. cell.NamedParameters().Select(p => ("cell." + p.Name, p.Value))]));
        Assert.Single(texts, "cell");

        // Between two runs of one module its operators are taken to be its own.
        Assert.Contains("3 operators", texts);
        Assert.Contains("2 parameters: 12", texts);
    }

    /// <summary>A parameter that two modules share belongs to neither box.</summary>
    [Fact]
    public void ASharedParameterStaysOutside()
    {
        var (first, second, shared) = (Leaf(2, 2), Leaf(2, 2), Leaf(2, 2));
        var y = shared.MatMul(first).MatMul(second).MatMul(shared).Sum();
        var texts = Texts(ComputationGraph.ToSvg(y, new GraphOptions { ModuleDepth = 1 }, ("a.w", first), ("b.w", second), ("tied", shared)));
        Assert.Contains("tied", texts);
        Assert.Contains("a", texts);
        Assert.Contains("b", texts);
    }

    [Fact]
    public void WithoutNamesNothingIsBoxed()
    {
        var y = Leaf(3).Exp().Sum();
        Assert.Equal(
            ComputationGraph.ToDot(y), ComputationGraph.ToDot(y, new GraphOptions { ModuleDepth = 1 }));
        Assert.Equal(ComputationGraph.ToMermaid(y), ComputationGraph.ToMermaid(y, new GraphOptions()));
    }

    [Fact]
    public void MisuseIsAnError()
    {
        var y = Leaf(3).Exp();
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputationGraph.ToDot(y, new GraphOptions { ModuleDepth = 0 }));
        Assert.Throws<ArgumentNullException>(() => ComputationGraph.ToSvg(y, (GraphOptions)null!));
        Assert.Throws<ArgumentNullException>(() => ComputationGraph.ToMermaid(null!));
    }
}
