namespace Adjoint.Tests.Reduction;

/// <summary>Variance and standard deviation: closed forms, rounding, too few elements, and what PyTorch says to each.</summary>
public class VarTests
{
    /// <summary>0, 1, ..., n-1 have the mean (n - 1) / 2 and the variance n (n + 1) / 12.</summary>
    [Theory]
    [InlineData(nameof(DType.Float32), 2)]
    [InlineData(nameof(DType.Float32), 17)]
    [InlineData(nameof(DType.Float64), 1000)]
    [InlineData(nameof(DType.Float64), 3001)]
    public void OfWholeNumbersInARow(string dtypeName, int n)
    {
        var dtype = DType.Parse(dtypeName);
        var x = Tensor.Arange(n, dtype: dtype);
        var expected = n * (n + 1.0) / 12;
        var tolerance = expected * (dtype == DType.Float32 ? 1e-6 : 1e-14);
        Assert.Equal(expected, x.Var().Item(), tolerance);
        Assert.Equal(expected * (n - 1) / n, x.Var(unbiased: false).Item(), tolerance);
        Assert.Equal(Math.Sqrt(expected), x.Std().Item(), tolerance);
        Assert.Equal(Math.Sqrt(expected * (n - 1) / n), x.Std(0, correction: 0).Item(), tolerance);
        var (variance, mean) = x.VarMean();
        Assert.Equal(expected, variance.Item(), tolerance);
        Assert.Equal((n - 1) / 2.0, mean.Item(), tolerance);
    }

    /// <summary>
    /// A mean of a million leaves float32 sixteenths for the distances from it; the sum
    /// of squares less the squared sum would be wrong in its first digit.
    /// </summary>
    [Fact]
    public void ALargeMeanDoesNoHarm()
    {
        foreach (var shape in new int[][] { [1, 6000], [6, 1000], [1000, 6], [20, 100, 3] })
        {
            var random = new Random(3);
            var values = Enumerable.Range(0, 6000).Select(_ => 1e6f + (random.Next(33) / 16f)).ToArray();
            var x = Tensor.FromArray(values, shape);
            foreach (var dim in Enumerable.Range(0, shape.Length).Where(d => shape[d] > 1))
            {
                var exact = x.To(DType.Float64).Var(dim).ToArray<double>();
                Assert.All(
                    x.Var(dim).To(DType.Float64).ToArray<double>().Zip(exact),
                    pair => Assert.Equal(pair.Second, pair.First, 2e-6 * Math.Max(1, pair.Second)));
            }
        }
    }

    /// <summary>The sum of squares by C# in float64, over every set of dimensions of views and copies.</summary>
    [Fact]
    public void OverAnyDimensions()
    {
        var x = Tensor.Arange(2 * 5 * 7 * 40, dtype: DType.Float64).Sin().Reshape(2, 5, 7, 40);
        foreach (var view in new[] { x, x.Permute(3, 1, 0, 2), x[.., 1..4, .., 3..29] })
        {
            for (var set = 1; set < 16; set++)
            {
                var dims = Enumerable.Range(0, 4).Where(d => ((set >> d) & 1) != 0).ToArray();
                var centred = view - view.Mean(dims, keepDim: true);
                var count = dims.Aggregate(1.0, (product, d) => product * view.Shape[d]);
                var expected = ((centred * centred).Sum(dims) / (count - 1)).ToArray<double>();
                var actual = view.Var(dims).ToArray<double>();
                var rounded = view.To(DType.Float32).Var(dims).To(DType.Float64).ToArray<double>();
                for (var i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], actual[i], 1e-14);
                    Assert.Equal(expected[i], rounded[i], 1e-6);
                }
            }
        }
    }

    /// <summary>Exactly 0, so that the standard deviation passes nothing back.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(1e-30)]
    [InlineData(-12345.678)]
    public void EqualElementsHaveNoVariance(double value)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var x = Tensor.Full([3, 1001], value, dtype).RequiresGrad_();
            foreach (var dim in new[] { 0, 1 })
            {
                var deviation = x.Std(dim);
                Assert.All(deviation.Detach().To(DType.Float64).ToArray<double>(), d => Assert.Equal(0, d));
                x.Grad = null;
                deviation.Sum().Backward();
                Assert.All(x.Grad!.To(DType.Float64).ToArray<double>(), g => Assert.Equal(0, g));
            }
        }
    }

    /// <summary>As PyTorch's formulas have it: 0 / 0 for one element, infinity where elements differ
    /// and fewer than the correction are there.</summary>
    [Fact]
    public void TooFewElements()
    {
        Tensor one = [5.0];
        Tensor two = [1.0, 2.0];
        Assert.Equal(double.NaN, one.Var().Item());
        Assert.Equal(double.NaN, one.Std(0).Item());
        Assert.Equal(double.NaN, ((Tensor)3.0).Var().Item());
        Assert.Equal(0, one.Var(unbiased: false).Item());
        Assert.Equal(double.PositiveInfinity, two.Var(correction: 2).Item());
        Assert.Equal(double.PositiveInfinity, two.Std(0, correction: 3).Item());
        Assert.Equal(double.NaN, Tensor.Zeros([0], DType.Float64).Var().Item());
        Assert.Equal([double.NaN, double.NaN], Tensor.Zeros([2, 0], DType.Float64).Var(1).ToArray<double>());
        Assert.Empty(Tensor.Zeros([0, 2], DType.Float64).Var(1).ToArray<double>());
    }

    /// <summary>Over everything NaN at the mean and infinity elsewhere; over named dimensions the formula itself.</summary>
    [Fact]
    public void GradientsOfTooFewElements()
    {
        var x = Tensor.FromArray([1.0, 2, 3]).RequiresGrad_();
        Assert.Equal([double.PositiveInfinity, double.NaN, double.PositiveInfinity], Autograd.Grad(x.Var(correction: 3), x).ToArray<double>());
        Assert.Equal([double.NegativeInfinity, double.NaN, double.PositiveInfinity], Autograd.Grad(x.Var(0, correction: 3), x).ToArray<double>());
        Assert.Equal([2.0, 0, -2], Autograd.Grad(x.Var(0, correction: 4), x).ToArray<double>());
    }

    [Fact]
    public void TooFewElementsAreWarnedOf()
    {
        Tensor x = [[1.0, 2, 3]];
        Assert.Equal([], Warnings(() => x.Var(1)));
        Assert.Equal([], Warnings(() => Tensor.Zeros([0]).Var()));
        Assert.Equal([Message("var")], Warnings(() => x.Var(0)));
        Assert.Equal([Message("std")], Warnings(() => x.Std(1, correction: 3)));
        Assert.Equal([Message("var_mean")], Warnings(() => x.VarMean(correction: 4)));
        Assert.Equal([Message("std_mean")], Warnings(() => x.StdMean(0)));
        static string Message(string name) =>
            $"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input " +
            "numel divided by output numel).";
    }

    [Fact]
    public void OnlyRealsHaveAVariance()
    {
        Tensor x = [1, 2, 3];
        Assert.StartsWith(
            "std and var only support floating point and complex dtypes",
            Assert.Throws<DTypeException>(() => x.Var()).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "std and var only support floating point and complex dtypes",
            Assert.Throws<DTypeException>(() => x.Std(0)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "var_mean only support floating point and complex dtypes",
            Assert.Throws<DTypeException>(() => x.VarMean()).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "std_mean only support floating point and complex dtypes",
            Assert.Throws<DTypeException>(() => x.StdMean()).Message,
            StringComparison.Ordinal);
        Assert.Throws<TensorIndexException>(() => x.To(DType.Float32).Var(1));
        Assert.Throws<TensorException>(() => x.To(DType.Float32).Var([0, -1]));
    }

    [Fact]
    public void NodesAreCalledAsInPyTorch()
    {
        var x = Tensor.FromArray([1.0, 2, 4]).RequiresGrad_();
        Assert.Equal("VarBackward0", x.Var().GradFn!.Name);
        Assert.Equal("StdBackward0", x.Std(0).GradFn!.Name);
        Assert.Equal("VarMeanBackward0", x.VarMean().Mean.GradFn!.Name);
        Assert.Equal("StdMeanBackward0", x.StdMean(0).Std.GradFn!.Name);
    }

    /// <summary>What a call raises on this thread; other tests may raise theirs at the same time.</summary>
    private static List<string> Warnings(Action call)
    {
        var (mine, found) = (Environment.CurrentManagedThreadId, new List<string>());
        void Hear(string message)
        {
            if (Environment.CurrentManagedThreadId == mine)
            {
                found.Add(message);
            }
        }

        Autograd.Warning += Hear;
        try
        {
            call();
        }
        finally
        {
            Autograd.Warning -= Hear;
        }

        return found;
    }
}
