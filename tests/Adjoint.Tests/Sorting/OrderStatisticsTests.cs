using static Adjoint.Transform;

namespace Adjoint.Tests.Sorting;

/// <summary>Medians, k-th values, modes, quantiles: PyTorch's documented rules for ties and NaN, values against a sorted copy, gradients,
/// transforms.</summary>
public class OrderStatisticsTests
{
    private static readonly double[] Numbers = [5, 1, 4, 1, 3, 9, 2, 6];

    [Fact]
    public void TheLowerOneOfTwoIsTheMedian()
    {
        var x = Tensor.FromArray(Numbers);
        Assert.Equal(3, x.Median().Item());
        Assert.Equal((3.0, 4L), (x.Median(0).Values.Item(), x.Median(0).Indices.Item<long>()));
        Assert.Equal((4.0, 2L), (x.KthValue(5).Values.Item(), x.KthValue(5).Indices.Item<long>()));
        Assert.Equal(1L, x.KthValue(1).Indices.Item<long>());
        Assert.Equal(3, x.To(DType.Int64).Median().Item());
        Assert.Equal(DType.Float16, x.To(DType.Float16).Median(0).Values.DType);
    }

    [Fact]
    public void NaNIsTheMedianUnlessItIsLeftOut()
    {
        var x = Tensor.FromArray([2.0, double.NaN, 1, double.NaN, 7]);
        Assert.True(double.IsNaN(x.Median().Item()));
        Assert.Equal(1L, x.Median(0).Indices.Item<long>());
        Assert.Equal((2.0, 0L), (x.NanMedian(0).Values.Item(), x.NanMedian(0).Indices.Item<long>()));
        Assert.Equal(2, x.NanMedian().Item());
        Assert.True(double.IsNaN((x * double.NaN).NanMedian().Item()));
        Assert.True(double.IsNaN(Tensor.Zeros(0).Median().Item()));
    }

    /// <summary>Of all elements equal medians share the gradient (evenly_distribute_backward); along a dimension the picked one gets it.</summary>
    [Fact]
    public void GradientsGoToWhatWasPicked()
    {
        var x = Tensor.FromArray([2.0, 1, 2, 3]);
        Assert.Equal([0.5, 0, 0.5, 0], Grad((Tensor a) => a.Median())(x).ToArray<double>());
        Assert.Equal([1, 0, 0, 0], Grad((Tensor a) => a.Median(0).Values)(x).ToArray<double>());
        Assert.Equal([0, 0, 1, 0], Grad((Tensor a) => a.Mode(0).Values)(x).ToArray<double>());
        Assert.Equal("MedianBackward0", x.Clone().RequiresGrad_().Median().GradFn!.Name);
        Assert.Equal("MedianBackward1", x.Clone().RequiresGrad_().Median(0).Values.GradFn!.Name);
        Assert.Equal("NanmedianBackward1", x.Clone().RequiresGrad_().NanMedian(0).Values.GradFn!.Name);
        Assert.Equal("KthvalueBackward0", x.Clone().RequiresGrad_().KthValue(2).Values.GradFn!.Name);
        Assert.Equal("ModeBackward0", x.Clone().RequiresGrad_().Mode().Values.GradFn!.Name);
    }

    [Fact]
    public void TheModeIsTheSmallestOfTheMostFrequent()
    {
        var x = Tensor.FromArray([3.0, 1, 3, 1, 2]);
        Assert.Equal((1.0, 3L), (x.Mode().Values.Item(), x.Mode().Indices.Item<long>()));
        Assert.Equal((5.0, 0L), (Tensor.FromArray([5.0, double.NaN, double.NaN]).Mode().Values.Item(), 0L));
        Assert.True(Tensor.FromArray([true, false, true]).Mode().Values.Item<bool>());
    }

    [Fact]
    public void RowsOfAnySizeAreThoseOfASortedCopy()
    {
        var random = new Random(7);
        foreach (var length in new[] { 1, 2, 33, 70, 1001 })
        {
            var x = Tensor.FromArray(Array.ConvertAll(new float[3 * length], _ => random.Next(-50, 50) / 4f)).Reshape(3, length);
            var sorted = x.Sort(1).Values;
            for (var k = 1; k <= length; k += Math.Max(length / 7, 1))
            {
                Assert.Equal(sorted.Select(1, k - 1).ToArray<float>(), x.KthValue(k, 1).Values.ToArray<float>());
            }

            Assert.Equal(sorted.Select(1, (length - 1) / 2).ToArray<float>(), x.Median(1).Values.ToArray<float>());
        }
    }

    /// <summary>numpy.quantile's documentation: linear is i + (j - i) * fraction.</summary>
    [Theory]
    [InlineData(QuantileInterpolation.Linear, 1.75)]
    [InlineData(QuantileInterpolation.Lower, 1.0)]
    [InlineData(QuantileInterpolation.Higher, 2.0)]
    [InlineData(QuantileInterpolation.Midpoint, 1.5)]
    [InlineData(QuantileInterpolation.Nearest, 2.0)]
    public void QuantilesLieBetweenNeighbours(QuantileInterpolation interpolation, double expected)
    {
        var x = Tensor.FromArray([3.0, 1, 0, 2]);
        Assert.Equal(expected, x.Quantile(1.75 / 3, interpolation: interpolation).Item(), 1e-15);
        var several = x.Quantile(Tensor.FromArray([0, 1.75 / 3, 1]), 0, interpolation: interpolation).ToArray<double>();
        Assert.Equal([0, expected, 3], several, (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void QuantilesHaveShapesAndGradients()
    {
        var x = Tensor.FromArray([0.0, 10, 20, 30, 5, 15]).Reshape(2, 3);
        Assert.Equal([2, 3], x.Quantile(Tensor.FromArray([0.5, 0.25]), 0).Shape);
        Assert.Equal([2, 1, 3], x.Quantile(Tensor.FromArray([0.5, 0.25]), 0, keepDim: true).Shape);
        Assert.Equal([1, 1], x.Quantile(0.5, keepDim: true).Shape);
        Assert.Equal(12.5, x.Quantile(0.5).Item());

        // Half of 10 and half of 15, and five ranks times their distance.
        Assert.Equal([0, 0.5, 0, 0, 0, 0.5], Grad((Tensor a) => a.Quantile(0.5))(x).Reshape(-1).ToArray<double>());
        Assert.Equal(25, Grad((Tensor q) => x.Quantile(q))(Tensor.Scalar(0.5)).Item());
        var holes = Tensor.FromArray([1.0, double.NaN, 3]);
        Assert.True(double.IsNaN(holes.Quantile(0.5).Item()));
        Assert.Equal(2, holes.NanQuantile(0.5).Item());
        Assert.Equal([0.5, 0, 0.5], Grad((Tensor a) => a.NanQuantile(0.5))(holes).ToArray<double>());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var x = Tensor.FromArray(Numbers);
        var tooLarge = Assert.Throws<TensorIndexException>(() => x.KthValue(9)).Message;
        Assert.StartsWith("kthvalue(): selected number k out of range for dimension 0", tooLarge, StringComparison.Ordinal);
        Assert.Throws<TensorIndexException>(() => x.KthValue(0));
        Assert.Throws<TensorIndexException>(() => Tensor.Zeros(0, 2).Median(0));
        Assert.Throws<TensorIndexException>(() => Tensor.Zeros(0).Mode());
        Assert.Throws<DTypeException>(() => Tensor.Zeros([2], DType.Bool).Median());
        var outside = Assert.Throws<TensorException>(() => x.Quantile(1.5)).Message;
        Assert.StartsWith("quantile() q values must be in the range [0, 1]", outside, StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => Tensor.Zeros(0).Quantile(0.5));
        Assert.Throws<DTypeException>(() => x.To(DType.Int64).Quantile(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Quantile(0.5, interpolation: (QuantileInterpolation)7));
    }

    [Fact]
    public void TransformsFollow()
    {
        var x = Tensor.FromArray([3.0, 1, 2, 4, 6, 5]).Reshape(2, 3);
        Assert.Equal([2, 5], Vmap((Tensor a) => a.Median())(x).ToArray<double>());
        Assert.Equal([2, 5], Vmap((Tensor a) => a.KthValue(2).Values)(x).ToArray<double>());
        Assert.Equal([0, 0, 1, 0, 0, 1], Vmap(Grad((Tensor a) => a.Median()))(x).Reshape(-1).ToArray<double>());
        Assert.Equal([2, 5], Vmap((Tensor a) => a.Quantile(0.5))(x).ToArray<double>());
    }
}
