using Adjoint.Tests.Memory;
using static Adjoint.Transform;

namespace Adjoint.Tests.Transforms;

/// <summary>Random operators in batches: every operator with every mode, nested, and with what is drawn into.</summary>
[Collection(Alone.Name)]
public class RandomnessTests
{
    private const int Samples = 3;
    private static readonly Tensor Batch = Tensor.Arange(Samples * 4).To(DType.Float64).Reshape(Samples, 4);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operators = new()
    {
        ["rand"] = _ => Tensor.Rand([64], DType.Float64),
        ["randn"] = _ => Tensor.Randn([64], DType.Float64),
        ["randint"] = _ => Tensor.Randint(1 << 30, [64]).To(DType.Float64),
        ["rand_like"] = _ => Tensor.RandLike(Tensor.Zeros([64], DType.Float64)),
        ["randn_like of a sample"] = x => Tensor.RandnLike(x),
        ["randperm"] = _ => Tensor.Randperm(64).To(DType.Float64),
        ["bernoulli of a sample"] = x => Tensor.Bernoulli((x * 0).Unsqueeze(1).Expand(4, 16) + 0.5),
        ["standard_gamma of a sample"] = x => Tensor.StandardGamma(x.Abs().Unsqueeze(1).Expand(4, 16) * 0 + 1.5),
        ["standard_gamma of a constant"] = _ => Tensor.StandardGamma(Tensor.Full([64], 0.5, DType.Float64)),
        ["poisson of a sample"] = x => Tensor.Poisson(((x * 0).Unsqueeze(1).Expand(4, 16) + 1) * 30),
        ["multinomial of a sample"] = x => ((x * 0) + 1).Multinomial(64, replacement: true).To(DType.Float64),
        ["multinomial of a constant"] = _ => Tensor.Ones(64).Multinomial(16).To(DType.Float64),
        ["gumbel_softmax of a sample"] = x => (x * 0).GumbelSoftmax(),
        ["normal of a sample"] = x => Tensor.Normal(x * 0, Tensor.OnesLike(x)),
        ["laplace of a constant"] = _ => Tensor.RandLaplace(Tensor.Zeros([64], DType.Float64), 1.0),
        ["bernoulli of a constant"] = _ => Tensor.Bernoulli(Tensor.Full([64], 0.5, DType.Float64)),
    };

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RefusedUnlessOneSaysWhatIsMeant(string name) => Assert.StartsWith(
        "vmap: called random operation while in randomness error mode.",
        Assert.Throws<TensorException>(() => Vmap(Operators[name])(Batch)).Message,
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSameForAllSamples(string name)
    {
        var drawn = Rows(Vmap(Operators[name], randomness: Randomness.Same)(Batch));
        Assert.Equal(drawn[0], drawn[1]);
        Assert.Equal(drawn[0], drawn[2]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DifferentForEachSample(string name)
    {
        var drawn = Rows(Vmap(Operators[name], randomness: Randomness.Different)(Batch));
        Assert.NotEqual(drawn[0], drawn[1]);
        Assert.NotEqual(drawn[0], drawn[2]);
        Assert.NotEqual(drawn[1], drawn[2]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ChunksDrawTheirOwn(string name)
    {
        var drawn = Rows(Vmap(Operators[name], randomness: Randomness.Different, chunkSize: 1)(Batch));
        Assert.NotEqual(drawn[0], drawn[1]);
    }

    /// <summary>Each of two nested batches says for itself.</summary>
    [Theory]
    [InlineData(Randomness.Same, Randomness.Same, 1)]
    [InlineData(Randomness.Same, Randomness.Different, 4)]
    [InlineData(Randomness.Different, Randomness.Same, 3)]
    [InlineData(Randomness.Different, Randomness.Different, 12)]
    public void NestedBatches(Randomness outside, Randomness inside, int distinct)
    {
        var drawn = Vmap((Tensor row) => Vmap((Tensor _) => Tensor.Rand([], DType.Float64), randomness: inside)(row), randomness: outside)(Batch);
        Assert.Equal([Samples, 4], drawn.Shape.ToArray());
        Assert.Equal(distinct, drawn.ToArray<double>().Distinct().Count());
    }

    [Theory]
    [InlineData(Randomness.Error, Randomness.Different)]
    [InlineData(Randomness.Different, Randomness.Error)]
    [InlineData(Randomness.Error, Randomness.Same)]
    [InlineData(Randomness.Same, Randomness.Error)]
    public void OneOfTwoThatRefusesIsEnough(Randomness outside, Randomness inside) => Assert.Throws<TensorException>(
        () => Vmap((Tensor row) => Vmap((Tensor _) => Tensor.Rand(1), randomness: inside)(row), randomness: outside)(Batch));

    /// <summary>A seed gives the numbers that a tensor with the samples in front would have got.</summary>
    [Fact]
    public void DifferentNumbersAreThoseOfTheWholeBatch()
    {
        Tensor.ManualSeed(11);
        var inside = Vmap((Tensor _) => Tensor.Randn([4], DType.Float64), randomness: Randomness.Different)(Batch);
        Tensor.ManualSeed(11);
        Check.Close(Tensor.Randn([Samples, 4], DType.Float64), inside);
    }

    /// <summary>Noise does not disturb derivatives: the gradient of x times noise is the noise.</summary>
    [Fact]
    public void GradientsOfWhatWasDrawnOn()
    {
        var noise = (Tensor?)null;
        Tensor Noisy(Tensor row) => Grad((Tensor x) =>
        {
            var drawn = Tensor.Rand([4], DType.Float64);
            return Tensor.Dot(x, drawn);
        })(row);
        Tensor.ManualSeed(5);
        noise = Tensor.Rand([Samples, 4], DType.Float64);
        Tensor.ManualSeed(5);
        Check.Close(noise, Vmap<Tensor, Tensor>(Noisy, randomness: Randomness.Different)(Batch));
    }

    private static double[][] Rows(Tensor drawn) => [.. drawn.Unbind().Select(row => row.ToArray<double>())];
}
