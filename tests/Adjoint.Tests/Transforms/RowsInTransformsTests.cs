using Adjoint.Families;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Operators along rows, and those that cut a tensor into pieces: one instruction each,
/// and the same derivatives in every nest of transforms.</summary>
public class RowsInTransformsTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, string Text)> Table = new()
    {
        ["softmax"] = (x => x.Softmax(-1), "float64[3, 20] = Softmax(%0, isSafe=false, dim=[1])"),
        ["softmax of columns"] = (x => x.Softmax(0), "float64[3, 20] = Softmax(%0, isSafe=false, dim=[0])"),
        ["logarithm of softmax"] = (x => x.LogSoftmax(1), "float64[3, 20] = LogSoftmax(%0, dim=[1])"),
        ["logarithm of a sum"] = (x => x.LogSumExp(1, keepDim: true), "float64[3, 1] = LogSumExp(%0, dim=[1], keepDim=true)"),
        ["logarithm of the whole sum"] = (x => x.LogSumExp([]), "float64[] = LogSumExp(%0, dim=[0, 1], keepDim=false)"),
        ["variance"] = (x => x.Var(0, correction: 0), "float64[20] = Var(%0, correction=0, dim=[0], keepDim=false)"),
        ["deviation"] = (x => x.Std([0, 1]), "float64[] = Std(%0, correction=1, dim=[0, 1], keepDim=false)"),
        ["unbind"] = (x => x.Unbind() is var rows ? (rows[0] * rows[1]) + rows[2] : x,
            "%1: float64[20], %2: float64[20], %3: float64[20] = Unbind(%0, dim=0)"),
        ["split"] = (
            x => x.Split([5, 15], 1) is var parts ? parts[0].Sum(1) * parts[1].Sum(1) : x,
            "%1: float64[3, 5], %2: float64[3, 15] = Split(%0, lengths=[5, 15], dim=1, isEven=false)"),
        ["chunk"] = (
            x => x.Chunk(2, -1) is var parts ? parts[0] * parts[1] : x,
            "%1: float64[3, 10], %2: float64[3, 10] = Split(%0, lengths=[10, 10], dim=1, isEven=true)"),
    };

    private static readonly int[] Sizes = [3, 20];

    public static TheoryData<string> Names => [.. Table.Keys];

    public static TheoryData<string, string> Nested
    {
        get
        {
            var nests = new TheoryData<string, string>();
            foreach (var name in Table.Keys)
            {
                foreach (var nest in Nests.Names)
                {
                    nests.Add(name, nest);
                }
            }

            return nests;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AGraphHasOneInstruction(string name)
    {
        var (f, text) = Table[name];
        var graph = Trace(f, Nests.Point(Sizes, 1)).Graph;
        graph.Verify();
        Assert.Contains(text, graph.Instructions[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(graph.Instructions[0].Operation, Trace(f, Nests.Point(Sizes, 2)).Graph.Instructions[0].Operation);
        Assert.Equal(name is "unbind" or "split" or "chunk", graph.Instructions.Count > 1);
    }

    [Theory]
    [MemberData(nameof(Nested))]
    public void TransformsOfAGraphAndGraphsOfTransforms(string name, string nest) => Nests.Agree(Table[name].Function, Sizes, nest);

    /// <summary>A tape inside of a batch runs the loops that the tape alone does, over all samples at once: bit by bit the same.</summary>
    [Theory]
    [InlineData("softmax")]
    [InlineData("softmax of columns")]
    [InlineData("logarithm of softmax")]
    [InlineData("logarithm of a sum")]
    public void GradientsOfEachSampleAreMadeByLoops(string name)
    {
        var f = Table[name].Function;
        Func<Tensor, Tensor> loss = x => f(x).Square().Sum();
        var batch = Nests.Point([4, .. Sizes], 3);
        var together = Vmap(Grad(loss))(batch);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(Grad(loss)(batch.Select(0, i)).ToArray<double>(), together.Select(0, i).ToArray<double>());
        }
    }

    [Fact]
    public void OtherDimensionsAreAnotherOperator()
    {
        Operation Of(Func<Tensor, Tensor> f) => Trace(f, Nests.Point(Sizes, 1)).Graph.Instructions[0].Operation;
        Assert.NotEqual(Of(x => x.Var(0)), Of(x => x.Var(1)));
        Assert.NotEqual(Of(x => x.Var(0)), Of(x => x.Var(0, keepDim: true)));
        Assert.NotEqual(Of(x => x.Var(0)), Of(x => x.Var(0, correction: 0)));
        Assert.NotEqual(Of(x => x.Split(5, 1)[0]), Of(x => x.Split(10, 1)[0]));
        Assert.Equal(Of(x => x.VarMean(0).Var), Of(x => x.VarMean(0).Mean));
    }

    /// <summary>All pieces have one node, whose gradient is put together once, also inside of a transform.</summary>
    [Fact]
    public void PiecesHaveOneNodeInsideOfATransform()
    {
        var traced = Trace(
            (Tensor x) => Grad((Tensor y) => y.Unbind() is var rows ? (rows[0] * rows[1] * rows[2]).Sum() : y)(x), Nests.Point(Sizes, 1));
        Assert.Single(traced.Graph.Instructions, instruction => instruction.Name == "Unbind");
        Assert.Single(traced.Graph.Instructions, instruction => instruction.Name == "Stack");
    }

    /// <summary>Torch: x = torch.ones(2, 2, requires_grad=True); torch.func.vmap(lambda r: r.unbind()[0])(x * 1).add_(1) is refused.</summary>
    [Fact]
    public void APieceMadeInABatchIsNotChangedInPlace()
    {
        var x = Tensor.Ones(2, 2).RequiresGrad_();
        var first = Vmap((Tensor row) => row.Unbind()[0])(x * 1);
        Assert.Contains(
            "is a view and is being modified inplace",
            Assert.Throws<AutogradException>(() => first.Add_(1)).Message,
            StringComparison.Ordinal);
    }
}
