namespace Adjoint.Tests.Normalisation;

/// <summary>Lengths and directions apart, and dropout that keeps mean and variance.</summary>
public class WeightNormTests
{
    private static readonly Tensor V = Tensor.FromArray([3.0, 4, 5, 12], 2, 2);

    /// <summary>The rows have lengths 5 and 13, the columns the square roots of 34 and 160.</summary>
    [Fact]
    public void LengthsAreThoseAskedFor()
    {
        Tensor g = Tensor.FromArray([10.0, 26], 2, 1);
        Close([6, 8, 10, 24], V.WeightNorm(g));
        Close([2, 1], V.WeightNorm(Tensor.FromArray([2.0, 1], 1, 2), -1).Norm(2, [0]));
        Close([7], V.WeightNorm(7, null).Norm());
        Close([-2, 3], Tensor.FromArray([-5.0, 7]).WeightNorm(Tensor.FromArray([2.0, 3])));
        Assert.Throws<TensorIndexException>(() => V.WeightNorm(g, 2));
    }

    /// <summary>The gradient of a direction is across the weight (T. Salimans, D. Kingma, "Weight normalization", 2016, equation 3).</summary>
    [Fact]
    public void GradientsAreAcross()
    {
        var v = V.Clone().RequiresGrad_();
        var g = Tensor.FromArray([10.0, 26], 2, 1).RequiresGrad_();
        (v.WeightNorm(g) * Tensor.FromArray([1.0, -2, 0.5, 3], 2, 2)).Sum().Backward();
        Close([0, 0], (v.Detach() * v.Grad!).Sum(1));
        Close([(3.0 - 8) / 5, (2.5 + 36) / 13], g.Grad!);
    }

    [Fact]
    public void AlphaDropoutKeepsMeanAndVariance()
    {
        var source = new Generator().ManualSeed(7);
        var x = Tensor.Randn([200, 500], DType.Float64, source).RequiresGrad_();
        foreach (var p in new[] { 0.1, 0.5 })
        {
            var y = x.AlphaDropout(p, training: true, source);
            Assert.Equal(0, y.Mean().Item(), 0.02);
            Assert.Equal(1, y.Var().Item(), 0.03);

            // What is dropped has one value, and gives no gradient.
            var scale = 1 / Math.Sqrt(((1.7580993408473766 * 1.7580993408473766 * p) + 1) * (1 - p));
            var gradient = Autograd.Grad([y.Sum()], [x])[0]!;
            Assert.Equal([0, scale], gradient.ToArray<double>().Distinct().Order(), (a, b) => Math.Abs(a - b) < 1e-14);
            Assert.Single(y.Detach()[gradient == 0].ToArray<double>().Distinct());
            Assert.Equal(p, (gradient == 0).To(DType.Float64).Mean().Item(), 0.01);
        }

        Assert.Same(x, x.AlphaDropout());
        Assert.All(x.AlphaDropout(1, training: true).Detach().ToArray<double>(), value => Assert.Equal(0, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.AlphaDropout(1.5));
        Assert.Throws<DTypeException>(() => Tensor.Arange(3).AlphaDropout(0.5, training: true));
    }

    [Fact]
    public void ChannelsAreDroppedAsAWhole()
    {
        var x = Tensor.Randn([20, 10, 3, 2], DType.Float64, new Generator().ManualSeed(3)).RequiresGrad_();
        var gradient = Autograd.Grad([x.FeatureAlphaDropout(0.5, training: true).Sum()], [x])[0]!.Reshape(200, 6);
        Assert.All(Enumerable.Range(0, 200), i => Assert.Single(gradient[i].ToArray<double>().Distinct()));
        Assert.Equal(2, gradient.ToArray<double>().Distinct().Count());
        Assert.Throws<ShapeException>(() => Tensor.Ones(3).FeatureAlphaDropout(0.5, training: true));
    }

    private static void Close(double[] expected, Tensor actual) =>
        Assert.Equal(expected, actual.Detach().Reshape(-1).ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-13 * Math.Max(1, Math.Abs(a)));
}
