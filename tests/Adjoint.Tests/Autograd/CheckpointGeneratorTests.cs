using Adjoint.NN;
using Adjoint.Tests.Memory;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Checkpoints whose function draws from generators of its own: the second run draws the same, and afterwards the streams go on. The gradient of m x,
/// summed, is the mask itself, and of (m x)^2 at one it is twice the result.
/// </summary>
[Collection(Alone.Name)]
public class CheckpointGeneratorTests
{
    private static readonly Dictionary<string, Func<Tensor, Generator, Tensor>> Functions = new()
    {
        ["dropout"] = (z, g) => z.Dropout(.5, true, g).Square(),
        ["nn.Dropout"] = (z, g) => new Dropout(.5, g).Forward(z).Square(),
        ["rand"] = (z, g) => (z * Tensor.Rand([60], DType.Float64, g)).Square(),
        ["randn"] = (z, g) => (z * Tensor.Randn([7], DType.Float64, g).Sum()).Square(),
        ["bernoulli"] = (z, g) => (z * Tensor.Bernoulli(Tensor.Full([60], .5, DType.Float64), g)).Square(),
        ["randperm"] = (z, g) => (z * Tensor.Randperm(60, g)).Square(),
        ["normal_"] = (z, g) => (z * Tensor.Zeros([60], DType.Float64).Normal_(0, 1, g)).Square(),
        ["a seed set inside"] = (z, g) => (z * Tensor.Rand([60], DType.Float64, g.ManualSeed(9))).Square(),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSecondRunDrawsTheSame(string name)
    {
        var g = new Generator(11);
        var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
        var y = Checkpoint.Run(z => Functions[name](z, g), x);
        _ = Tensor.Rand([3], DType.Float64, g);
        var goneOn = g.GetState();
        y.Sum().Backward();
        Assert.Equal(goneOn, g.GetState());
        IsClose(x.Grad, [.. Of(y).Select(value => 2 * value)]);
    }

    [Fact]
    public void InAttention()
    {
        var g = new Generator(11);
        var v = Tensor.Eye(8, dtype: DType.Float64).RequiresGrad_();
        var q = Tensor.Zeros([8, 8], DType.Float64);
        var y = Checkpoint.Run(z => q.ScaledDotProductAttention(q, z, dropoutP: .5, generator: g), v);

        // With the unit matrix for values the result is the matrix of weights.
        var (weights, left) = (y.Detach(), Tensor.Arange(64).To(DType.Float64).Reshape(8, 8));
        (y * left).Sum().Backward();
        IsClose(v.Grad, Of(weights.T.MatMul(left)));
    }

    [Fact]
    public void SegmentsOfASequence()
    {
        var g = new Generator(11);
        Func<Tensor, Tensor> block = z => z.Dropout(.5, true, g).Square();
        var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
        var y = Checkpoint.Sequential([block, block, block], 3, x);
        y.Sum().Backward();

        // y = c x^8 with x = 1.
        IsClose(x.Grad, [.. Of(y).Select(value => 8 * value)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void Automatic(long budget)
    {
        var g = new Generator(11);
        Func<Tensor, Tensor> block = z => z.Dropout(.5, true, g).Square();
        var auto = Checkpoint.Auto(budget + (1 << 14));
        for (var pass = 0; pass < 3; pass++)
        {
            var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
            var y = auto.Run([block, block], x);
            y.Sum().Backward();
            IsClose(x.Grad, [.. Of(y).Select(value => 4 * value)]);
        }
    }

    [Fact]
    public void Nested()
    {
        var (a, b) = (new Generator(1), new Generator(2));
        var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
        var y = Checkpoint.Run(
            z => Checkpoint.Run(t => t.Dropout(.5, true, a).Square(), z.Dropout(.25, true, b).Square()).Dropout(.25, true, b).Square(), x);
        (byte[], byte[]) goneOn = (a.GetState(), b.GetState());
        y.Sum().Backward();
        IsClose(x.Grad, [.. Of(y).Select(value => 8 * value)]);
        Assert.Equal(goneOn.Item1, a.GetState());
        Assert.Equal(goneOn.Item2, b.GetState());
    }

    [Fact]
    public void ForSecondDerivatives()
    {
        var g = new Generator(11);
        var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
        var y = Checkpoint.Run(z => z.Dropout(.5, true, g).Pow(3), x);
        var first = Autograd.Grad(y.Sum(), x, createGraph: true);
        var second = Autograd.Grad(first.Sum(), x);
        IsClose(first, [.. Of(y).Select(value => 3 * value)]);
        IsClose(second, [.. Of(y).Select(value => 6 * value)]);
    }

    /// <summary>A batch of gradients asks for one pass: the function draws as in its first run, not for each sample.</summary>
    [Fact]
    public void UnderABatchOfGradients()
    {
        var g = new Generator(11);
        var x = Leaf([.. Enumerable.Repeat(1.0, 6)]);
        var y = Checkpoint.Run(z => z.Dropout(.5, true, g).Square(), x);
        var rows = Autograd.Grad([y], [x], [Tensor.Eye(6, dtype: DType.Float64)], isGradsBatched: true)[0];
        IsClose(rows, Of(2 * y * Tensor.Eye(6, dtype: DType.Float64)));
        var j = Transform.JacRev((Tensor z) => Checkpoint.Run(t => t.Dropout(.5, true, g).Square(), z), chunkSize: 2)(
            Tensor.Ones([6], DType.Float64));
        var mask = Of((j * Tensor.Eye(6, dtype: DType.Float64)).Sum(1));
        Assert.All(mask, m => Assert.Contains(m, (double[])[0, 8]));
        Assert.Equal(mask.Sum(), Of(j).Sum());
    }

    [Fact]
    public void WithoutPreservingTheyDiffer()
    {
        var g = new Generator(11);
        var masks = new List<double[]>();
        var x = Leaf([.. Enumerable.Repeat(1.0, 60)]);
        Checkpoint.Run(
            z =>
            {
                var mask = Tensor.Rand([60], DType.Float64, g);
                masks.Add(Of(mask));
                return (z * mask).Exp();
            },
            x,
            new CheckpointOptions { PreserveRngState = false }).Sum().Backward();
        Assert.NotEqual(masks[0], masks[1]);
    }
}
