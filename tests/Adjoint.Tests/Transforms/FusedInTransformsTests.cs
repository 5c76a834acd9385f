using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>A composite with loops of its own is one instruction of a graph, and
/// has the derivatives of the composite from inside and from outside.</summary>
public class FusedInTransformsTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, int[] Sizes, string Text)> Table = new()
    {
        ["layer norm"] = (x => x.LayerNorm([4], Of(4), Of(4, 0.5)), [3, 4], "LayerNorm(%0, %1, %2, dims=1, eps=1E-05)"),
        ["layer norm without weight"] = (x => x.LayerNorm([4], null, Of(4)), [3, 4], "LayerNorm(%0, %1, dims=1, eps=1E-05, absent=[1])"),
        ["layer norm of a parameter"] = (w => Of(12).Reshape(3, 4).LayerNorm([4], w), [4], "LayerNorm(%1, %0, dims=1, eps=1E-05, absent=[2])"),
        ["group norm"] = (x => x.GroupNorm(2, Of(4), Of(4)), [2, 4, 3], "GroupNorm(%0, %1, %2, groups=2, eps=1E-05)"),
        ["batch norm"] = (
            x => x.BatchNorm(null, null, Of(3), Of(3), training: true), [4, 3], "BatchNorm(%0, %1, %2, isTraining=true, eps=1E-05, absent=[3, 4])"),
        ["batch norm of running statistics"] = (
            x => x.BatchNorm(Of(3), Of(3, 2).Square(), Of(3)), [4, 3], "BatchNorm(%0, %1, %2, %3, isTraining=false, eps=1E-05, absent=[2])"),
        ["attention"] = (
            x => x.ScaledDotProductAttention(Of(12).Reshape(1, 1, 4, 3), Of(8).Reshape(1, 1, 4, 2)), [1, 1, 5, 3],
            "ScaledDotProductAttention(%0, %1, %2, isCausal=false, scale=0.5773502691896258, absent=[3])"),
        ["attention of values under a mask"] = (
            v => Of(15).Reshape(1, 1, 5, 3).ScaledDotProductAttention(Of(12).Reshape(1, 1, 4, 3), v, Of(20).Reshape(5, 4)), [1, 1, 4, 2],
            "ScaledDotProductAttention(%1, %2, %0, %3, isCausal=false, scale=0.5773502691896258)"),
        ["loss"] = (
            x => x.NllLoss(Tensor.FromArray([2L, 0, -100]), Of(4, 2)), [3, 4],
            "NllLoss(%0, %1, %2, dim=1, isSpatial=false, ignoreIndex=-100, reduction=Mean)"),
        ["loss of each sample"] = (
            x => x.NllLoss(Tensor.FromArray([2L, 0, 1]), reduction: LossReduction.None), [3, 4],
            "NllLoss(%0, %1, dim=1, isSpatial=false, ignoreIndex=-100, reduction=None, absent=[2])"),
    };

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
        var (f, sizes, text) = Table[name];
        var traced = Trace(f, Nests.Point(sizes, 1));
        traced.Graph.Verify();
        Assert.Contains(text, Assert.Single(traced.Graph.Instructions).ToString(), StringComparison.Ordinal);

        // The same loops run, so the same bits come out.
        var x = Nests.Point(sizes, 2);
        Assert.Equal(f(x).ToArray<double>(), traced.Call(x).ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Nested))]
    public void TransformsOfAGraphAndGraphsOfTransforms(string name, string nest) => Nests.Agree(Table[name].Function, Table[name].Sizes, nest);

    [Fact]
    public void TargetsMayBeArgumentsOfAGraph()
    {
        foreach (var reduction in new[] { LossReduction.Mean, LossReduction.Sum, LossReduction.None })
        {
            Func<(Tensor X, Tensor Target, Tensor Weight), Tensor> f = p => p.X.NllLoss(p.Target, p.Weight, reduction: reduction);
            Func<(Tensor X, Tensor Target, Tensor Weight), Tensor> gradient = p => Grad((Tensor x) => f((x, p.Target, p.Weight)).Square().Sum())(p.X);
            var example = (Nests.Point([3, 4], 1), Tensor.FromArray([2L, 0, 1]), Of(4));
            var other = (Nests.Point([3, 4], 2), Tensor.FromArray([-100L, 3, 3]), Of(4, 2));
            Check.Close(f(other), Trace(f, example).Call(other));
            Check.Close(gradient(other), Trace(gradient, example).Call(other));
        }
    }

    [Fact]
    public void ALossOfNoSamplesGivesNoGradient()
    {
        // PyTorch: the mean is nan, and the gradient 0.
        Func<(Tensor X, Tensor Target), Tensor> gradient = p => Grad((Tensor x) => x.NllLoss(p.Target))(p.X);
        var traced = Trace(gradient, (Nests.Point([2, 3], 1), Tensor.FromArray([2L, 0])));
        Assert.All(traced.Call((Nests.Point([2, 3], 1), Tensor.FromArray([-100L, -100]))).ToArray<double>(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void OperatorsThatLackOtherInputsAreNotEqual()
    {
        var weighted = Trace((Tensor x) => x.LayerNorm([3], x[0], null), Nests.Point([2, 3], 1)).Graph.Instructions[^1];
        var shifted = Trace((Tensor x) => x.LayerNorm([3], null, x[0]), Nests.Point([2, 3], 1)).Graph.Instructions[^1];
        Assert.NotEqual(weighted.Operation, shifted.Operation);
        Assert.Equal(weighted.Operation, Trace((Tensor x) => x.LayerNorm([3], x[1], null), Nests.Point([2, 3], 1)).Graph.Instructions[^1].Operation);
    }

    private static Tensor Of(int count, double shift = 0) => (Tensor.Arange(count, dtype: DType.Float64) + 1.5 + shift).Cos();
}
