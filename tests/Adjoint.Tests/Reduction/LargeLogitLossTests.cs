using static Adjoint.Transform;

namespace Adjoint.Tests.Reduction;

/// <summary>Cross-entropy of scores far from zero against its definition, computed in float64 from the rounded scores:
/// every kind of target, and images.</summary>
public class LargeLogitLossTests
{
    private static readonly long[] Classes = [1, 0, 3, 9, 4, 4, 2, 7];

    public static TheoryData<DType, double> Cases => new()
    {
        { DType.Float32, 1e4 }, { DType.Float32, 1e7 }, { DType.Float32, -1e8 }, { DType.Float64, 1e9 }, { DType.Float64, -1e16 },
    };

    private static Tensor Scores(DType dtype, double shift) =>
        (Tensor.Arange(80, dtype: DType.Float64).Mul(7).Sin().Mul(4).Reshape(8, 10) + shift).To(dtype);

    private static Tensor Probabilities(DType dtype)
    {
        var positive = Tensor.Arange(80, dtype: DType.Float64).Cos().Square().Reshape(8, 10);
        return (positive / positive.Sum(1, keepDim: true)).To(dtype);
    }

    /// <summary>The loss of each sample and its gradient, from targets that are probabilities:
    /// -sum(t log p) and p sum(t) - t, t times the weights.</summary>
    private static (double[] Losses, double[,] Gradients) Exact(Tensor x, double[,] target)
    {
        var values = x.Detach().To(DType.Float64).ToArray<double>();
        double[] losses = new double[8];
        var gradients = new double[8, 10];
        for (var n = 0; n < 8; n++)
        {
            var line = values[(10 * n)..(10 * (n + 1))];
            var top = line.Max();
            var log = Math.Log(line.Sum(value => Math.Exp(value - top)));
            double total = 0;
            for (var c = 0; c < 10; c++)
            {
                losses[n] -= target[n, c] * (line[c] - top - log);
                total += target[n, c];
            }

            for (var c = 0; c < 10; c++)
            {
                gradients[n, c] = (Math.Exp(line[c] - top - log) * total) - target[n, c];
            }
        }

        return (losses, gradients);
    }

    private static void Agree(Tensor x, double[,] target, double divisor, Func<Tensor, Tensor> loss, string what)
    {
        var (losses, gradients) = Exact(x, target);
        var expected = losses.Sum() / divisor;
        var tolerance = x.DType == DType.Float32 ? 2e-6 : 1e-13;
        void Near(double right, double actual, string name) => Assert.True(
            Math.Abs(right - actual) <= tolerance * Math.Max(1, Math.Abs(right)), $"{what}, {name}: {actual:R}, expected {right:R}.");

        void AllNear(Tensor gradient, string name)
        {
            var actual = gradient.Detach().To(DType.Float64).ToArray<double>();
            for (var i = 0; i < 80; i++)
            {
                Near(gradients[i / 10, i % 10] / divisor, actual[i], $"{name} {i}");
            }
        }

        var leaf = x.Detach().RequiresGrad_();
        Near(expected, loss(leaf).Item(), "value");
        AllNear(Autograd.Grad([loss(leaf)], [leaf])[0]!, "gradient");
        AllNear(Autograd.Grad([loss(leaf)], [leaf], createGraph: true)[0]!, "recorded gradient");
        AllNear(JacFwd<Tensor>(loss)(x), "forward gradient");
        Near(expected, Vmap<Tensor, Tensor>(loss)(x.Unsqueeze(0)).Item(), "value in Vmap");
        AllNear(Vmap<Tensor, Tensor>(Grad<Tensor>(loss))(x.Unsqueeze(0)), "gradient in Vmap");
        AllNear(Grad<Tensor>(z => Vmap<Tensor, Tensor>(loss)(z.Unsqueeze(0)).Sum())(x), "gradient of Vmap");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ClassTargets(DType dtype, double shift)
    {
        var x = Scores(dtype, shift);
        var target = Tensor.FromArray(Classes, 8);
        Agree(x, Spread(null, 0), 8, z => z.CrossEntropy(target), "classes");
        Agree(x, Spread(null, 0), 1, z => z.CrossEntropy(target, reduction: LossReduction.Sum), "sum");
        Agree(x, Spread(null, 0), 8, z => z.LogSoftmax(1).NllLoss(target), "logarithm and likelihood");
        Agree(x, Spread(null, 0.2), 8, z => z.CrossEntropy(target, labelSmoothing: 0.2), "smoothing");
        double[] weights = [1, 2, 0.5, 1, 3, 1, 0.25, 1, 1, 2];
        var weight = Tensor.FromArray(weights, 10).To(dtype);
        var total = Classes.Sum(c => weights[c]);
        Agree(x, Spread(weights, 0), total, z => z.CrossEntropy(target, weight), "weights");
        Agree(x, Spread(weights, 0.2), total, z => z.CrossEntropy(target, weight, labelSmoothing: 0.2), "weights and smoothing");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ProbabilityTargets(DType dtype, double shift)
    {
        var x = Scores(dtype, shift);
        var target = Probabilities(dtype);
        var t = target.To(DType.Float64).ToArray<double>();
        var (plain, smooth) = (new double[8, 10], new double[8, 10]);
        for (var i = 0; i < 80; i++)
        {
            plain[i / 10, i % 10] = t[i];
            smooth[i / 10, i % 10] = (t[i] * 0.7) + 0.03;
        }

        Agree(x, plain, 8, z => z.CrossEntropy(target), "probabilities");
        Agree(x, smooth, 8, z => z.CrossEntropy(target, labelSmoothing: 0.3), "smoothed probabilities");
    }

    /// <summary>Classes in dimension 1 of [2, 10, 2, 2]: the same eight samples.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Images(DType dtype, double shift)
    {
        var x = Scores(dtype, shift);
        var target = Tensor.FromArray(Classes, 8);
        Tensor Image(Tensor z) => z.Reshape(2, 2, 2, 10).Permute(0, 3, 1, 2);
        Agree(x, Spread(null, 0), 8, z => Image(z).CrossEntropy(target.Reshape(2, 2, 2)), "image");
        Agree(x, Spread(null, 0.2), 8, z => Image(z).CrossEntropy(target.Reshape(2, 2, 2), labelSmoothing: 0.2), "smoothed image");
        var soft = Probabilities(dtype);
        var t = soft.To(DType.Float64).ToArray<double>();
        var plain = new double[8, 10];
        for (var i = 0; i < 80; i++)
        {
            plain[i / 10, i % 10] = t[i];
        }

        Agree(x, plain, 8, z => Image(z).CrossEntropy(Image(soft)), "image of probabilities");
    }

    /// <summary>Two scores of 1e8: log 2 and half a gradient each, where the logarithm of the sum alone has no digit left for them.</summary>
    [Fact]
    public void TwoEqualScores()
    {
        Tensor x = [[1e8f, 1e8f]];
        x.RequiresGrad = true;
        var loss = x.CrossEntropy(Tensor.FromArray(new long[] { 1 }, 1));
        loss.Backward();
        Assert.Equal(0.6931472f, loss.Item<float>());
        Assert.Equal([0.5f, -0.5f], x.Grad!.ToArray<float>());
    }

    /// <summary>A sample that is ignored counts nothing, infinite scores of the first class included, as in PyTorch.</summary>
    [Fact]
    public void IgnoredSamplesMayHaveInfiniteScores()
    {
        var target = Tensor.FromArray(new long[] { -100, 1 }, 2);
        foreach (var reduction in new[] { LossReduction.Mean, LossReduction.Sum })
        {
            Func<Tensor, Tensor> loss = z => z.CrossEntropy(target, reduction: reduction);
            Tensor x = [[double.NegativeInfinity, 1.0], [0.0, 0.0]];
            Assert.Equal(Math.Log(2), loss(x).Item(), 1e-15);
            Assert.Equal(Math.Log(2), Vmap<Tensor, Tensor>(loss)(x.Unsqueeze(0)).Item(), 1e-15);
            Assert.Equal([0, 0, 0.5, -0.5], Grad<Tensor>(loss)(x).Flatten().ToArray<double>());
            Assert.Equal(
                Math.Log(2),
                Vmap<Tensor, Tensor, Tensor>((z, t) => z.CrossEntropy(t, reduction: reduction))(x.Unsqueeze(0), target.Unsqueeze(0)).Item(),
                1e-15);
        }

        Tensor each = [[double.NegativeInfinity, 1.0], [0.0, 0.0]];
        Assert.Equal([0, Math.Log(2)], each.CrossEntropy(target, reduction: LossReduction.None).ToArray<double>());
    }

    private static double[,] Spread(double[]? weights, double smoothing)
    {
        var target = new double[8, 10];
        for (var n = 0; n < 8; n++)
        {
            for (var c = 0; c < 10; c++)
            {
                target[n, c] = ((Classes[n] == c ? 1 - smoothing : 0) + (smoothing / 10)) * (weights?[c] ?? 1);
            }
        }

        return target;
    }
}
