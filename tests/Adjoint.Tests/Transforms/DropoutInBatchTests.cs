using Adjoint.NN;
using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Dropout in batches (PyTorch's TestRandomness.test_dropout and its like):
/// a sample's own mask or one for all, alone and under derivatives.</summary>
[Collection(Alone.Name)]
public class DropoutInBatchTests
{
    private static readonly Tensor Ones = Tensor.Ones([3, 4, 6, 5, 5, 5], DType.Float64);

    private static readonly Dictionary<string, Func<Tensor, Generator, Tensor>> Operators = new()
    {
        ["dropout"] = (x, g) => x.Dropout(.5, true, g),
        ["dropout1d"] = (x, g) => x[.., .., 0, 0].Dropout1d(.5, true, g),
        ["dropout2d"] = (x, g) => x[.., .., 0].Dropout2d(.5, true, g),
        ["dropout3d"] = (x, g) => x.Dropout3d(.5, true, g),
        ["nn.Dropout"] = (x, g) => new Dropout(.5, g).Forward(x),
        ["attention"] = (x, g) => x[0, 0].ScaledDotProductAttention(x[0, 0], x[0, 0], dropoutP: .5, generator: g),
        ["attention of heads"] = (x, g) => x[.., .., 0].ScaledDotProductAttention(x[.., .., 0], x[.., .., 0], dropoutP: .5, generator: g),
    };

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachSampleItsOwn(string name)
    {
        var y = Vmap((Tensor x) => Operators[name](x, new Generator(1)), randomness: Randomness.Same)(Ones);
        Check.Close(y[0], y[1]);
        var g = new Generator(5);
        var rows = Vmap((Tensor x) => Operators[name](x, g), randomness: Randomness.Different)(Ones);
        Assert.NotEqual(rows[0].ToArray<double>(), rows[1].ToArray<double>());
        Assert.NotEqual(rows[1].ToArray<double>(), rows[2].ToArray<double>());
    }

    /// <summary>Dropout of a batch of samples with different numbers is dropout of the batch.</summary>
    [Fact]
    public void TheNumbersAreThoseOfTheWhole()
    {
        var g = new Generator(3);
        var rows = Vmap((Tensor x) => x.Dropout(.25, true, g), randomness: Randomness.Different)(Ones);
        Check.Close(Ones.Dropout(.25, true, g.ManualSeed(3)), rows);
        var channels = Vmap((Tensor x) => x[0].Dropout3d(.25, true, g), randomness: Randomness.Different)(Ones);
        Assert.Equal([0.0, 1 / .75], channels.ToArray<double>().Distinct().Order());
    }

    /// <summary>The gradient of (x m).sum() is m, of (x m).square().sum() at one 2 m^2; the mask is 0 or 2.</summary>
    [Theory]
    [InlineData(Randomness.Same)]
    [InlineData(Randomness.Different)]
    public void UnderDerivatives(Randomness randomness)
    {
        var x = Tensor.Ones([3, 40], DType.Float64);
        var g = new Generator(3);
        Tensor F(Tensor row) => row.Dropout(.5, true, g).Square().Sum();
        Tensor Seeded(Func<Tensor, Tensor> function)
        {
            g.ManualSeed(3);
            return Vmap(function, randomness: randomness)(x);
        }

        var m = Seeded(row => row.Dropout(.5, true, g));
        Check.Close(2 * m.Square(), Seeded(Grad<Tensor>(F)));
        Check.Close((2 * m.Square()).Sum(1), Seeded(row => Jvp(F, row, Tensor.OnesLike(row)).Tangent));
        Check.Close(m.Unsqueeze(1) * Tensor.Eye(40, dtype: DType.Float64), Seeded(JacRev((Tensor row) => row.Dropout(.5, true, g))));
        Check.Close(m.Unsqueeze(1) * Tensor.Eye(40, dtype: DType.Float64), Seeded(JacFwd((Tensor row) => row.Dropout(.5, true, g))));

        // From outside.
        g.ManualSeed(3);
        var leaf = x.Clone().RequiresGrad_();
        Vmap<Tensor, Tensor>(F, randomness: randomness)(leaf).Sum().Backward();
        Check.Close(2 * m.Square(), leaf.Grad!);
    }

    [Theory]
    [InlineData(Randomness.Same, Randomness.Same, 1)]
    [InlineData(Randomness.Same, Randomness.Different, 4)]
    [InlineData(Randomness.Different, Randomness.Same, 3)]
    [InlineData(Randomness.Different, Randomness.Different, 12)]
    public void NestedBatches(Randomness outside, Randomness inside, int distinct)
    {
        var x = Tensor.Ones([3, 4, 64], DType.Float64);
        var drawn = Vmap((Tensor rows) => Vmap((Tensor row) => row.Dropout(.5), randomness: inside)(rows), randomness: outside)(x);
        Assert.Equal(
            distinct,
            Enumerable.Range(0, 12).Select(i => drawn.Reshape(12, 64)[i]).Select(row => string.Concat(row.ToArray<double>())).Distinct().Count());
    }

    [Fact]
    public void PerSampleGradientsOfAModelWithDropout()
    {
        var model = new Sequential(new Linear(3, 64), new Dropout(.5), new Linear(64, 1));
        var (x, target) = (Tensor.Ones(4, 3), Tensor.Zeros(4, 1));
        Tensor Loss(Tensor y, Tensor t) => (y - t).Sum();
        Assert.Throws<TensorException>(() => model.PerSampleGradients(Loss, x, target));
        var same = model.PerSampleGradients(Loss, x, target, randomness: Randomness.Same)["2.weight"];
        Check.Close(same[0], same[1], 1e-6);
        var different = model.PerSampleGradients(Loss, x, target, randomness: Randomness.Different)["2.weight"];
        Assert.Equal([4, 1, 64], different.Shape.ToArray());
        Assert.NotEqual(different[0].ToArray<float>(), different[1].ToArray<float>());
    }
}
