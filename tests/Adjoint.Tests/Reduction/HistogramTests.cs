namespace Adjoint.Tests.Reduction;

/// <summary>Counts: examples of PyTorch's documentation, ends of bins, what is refused; covariances.</summary>
public class HistogramTests
{
    /// <summary>PyTorch's documentation of histc, histogram and bincount.</summary>
    [Fact]
    public void ElementsAreCounted()
    {
        Assert.Equal([0f, 2, 1, 0], Tensor.FromArray([1f, 2, 1]).Histc(4, 0, 3).ToArray<float>());
        var (hist, edges) = Tensor.FromArray([1f, 2, 1]).Histogram(4, (0, 3), Tensor.FromArray([1f, 2, 4]));
        Assert.Equal([0f, 5, 2, 0], hist.ToArray<float>());
        Assert.Equal([0f, 0.75f, 1.5f, 2.25f, 3], edges.ToArray<float>());
        var density = Tensor.FromArray([1f, 2, 1]).Histogram(4, (0, 3), Tensor.FromArray([1f, 2, 4]), density: true).Hist.ToArray<float>();
        Assert.Equal(5 / 7f / 0.75f, density[1], 1e-6f);
        Assert.Equal([0L, 0, 0, 2, 1, 0, 1], Tensor.FromArray([3L, 6, 3, 4]).Bincount().ToArray<long>());
        Assert.Equal([0, 0.5, 0.75], Tensor.FromArray([1, 2, 2]).Bincount(Tensor.FromArray([0.5, 0.25, 0.5])).ToArray<double>());
        Assert.Equal(5, Tensor.FromArray([1L]).Bincount(minLength: 5).Count);
    }

    [Fact]
    public void EndsBelongToTheLastBin()
    {
        var x = Tensor.FromArray([0, 1, 2, 3, double.NaN, -1, 4.0]);
        Assert.Equal([1, 1, 2], x.Histc(3, 0, 3).ToArray<double>());
        Assert.Equal([1, 1, 2], x.Histogram(Tensor.FromArray([0.0, 1, 2, 3])).Hist.ToArray<double>());
        Assert.Equal([2, 1], Tensor.FromArray([1.0, 1, 3]).Histc(2).ToArray<double>());
        Assert.Equal([0, 3], Tensor.FromArray([1.0, 1, 1]).Histc(2).ToArray<double>());
        Assert.Equal([2], Tensor.FromArray([1.0, 1]).Histogram(1).Hist.ToArray<double>());
    }

    /// <summary>PyTorch's documentation of histogramdd.</summary>
    [Fact]
    public void PointsAreCountedInBoxes()
    {
        var points = Tensor.FromArray([0.0, 1, 1, 0, 2, 0, 2, 2]).Reshape(4, 2);
        var (hist, edges) = points.HistogramDD((int[])[3, 3], weight: Tensor.FromArray([1.0, 2, 4, 8]));
        Assert.Equal([0, 1, 0, 2, 0, 0, 4, 0, 8], hist.Reshape(-1).ToArray<double>());
        Assert.Equal(2, edges.Length);
        Assert.Equal(1, points.HistogramDD((int[])[2, 2], [0, 1, 0, 1]).Hist.Select(0, 0).Select(0, 1).Item());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var x = Tensor.FromArray([1.0, 2]);
        Assert.StartsWith("bins must be > 0", Assert.Throws<TensorException>(() => x.Histc(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("max must be larger than min", Assert.Throws<TensorException>(() => x.Histc(3, 2, 1)).Message, StringComparison.Ordinal);
        var endless = Assert.Throws<TensorException>(() => Tensor.FromArray([1, double.PositiveInfinity]).Histc(3)).Message;
        Assert.StartsWith("range of [1, ", endless, StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => x.To(DType.Int64).Histc());
        Assert.Throws<TensorException>(() => Tensor.FromArray([1, double.PositiveInfinity]).Histogram(2));
        Assert.Throws<ShapeException>(() => x.Histogram(2, weight: Tensor.Zeros([3], DType.Float64)));
        Assert.Throws<ShapeException>(() => x.Histogram(Tensor.FromArray([1.0])));
        Assert.Throws<DTypeException>(() => x.Histogram(Tensor.FromArray([1f, 2])));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3).HistogramDD((int[])[2, 2]));
        Assert.Throws<TensorException>(() => Tensor.FromArray([-1L]).Bincount());
        Assert.Throws<ShapeException>(() => Tensor.Zeros([2, 2], DType.Int64).Bincount());
        Assert.Throws<DTypeException>(() => x.Bincount());
    }

    /// <summary>PyTorch's documentation of cov and corrcoef.</summary>
    [Fact]
    public void VariablesVaryTogether()
    {
        var x = Tensor.FromArray([0.0, 2, 1, 1, 2, 0]).Reshape(3, 2).T;
        Assert.Equal([1, -1, -1, 1], x.Cov().Reshape(-1).ToArray<double>());
        Assert.Equal([2.0 / 3, -2.0 / 3, -2.0 / 3, 2.0 / 3], x.Cov(correction: 0).Reshape(-1).ToArray<double>());
        var weighted = x.Cov(fweights: Tensor.FromArray([1L, 6, 9]), aweights: Tensor.FromArray([0.4282, 0.0255, 0.4144]));
        Assert.Equal(0.4169, weighted[0, 0].Item(), 5e-5);
        Assert.Equal([1, -1, -1, 1], x.Corrcoef().Reshape(-1).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Throws<TensorException>(() => x.Cov(fweights: Tensor.FromArray([0L, 0, 0])));
        Assert.Throws<DTypeException>(() => x.Cov(aweights: Tensor.FromArray([1L, 1, 1])));
        Assert.Throws<ShapeException>(() => x.Cov(fweights: Tensor.FromArray([1L, 1])));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 2, 2).Cov());
    }

    [Fact]
    public void SlicesAreScaledToTheirBound()
    {
        var x = Tensor.FromArray([3.0, 4, 0.3, 0.4]).Reshape(2, 2);
        Assert.Equal([0.6, 0.8, 0.3, 0.4], x.Renorm(2, 0, 1).Reshape(-1).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Throws<TensorException>(() => x.Renorm(0, 0, 1));
        Assert.Throws<TensorException>(() => x.Renorm(2, 0, -1));
        Assert.Throws<ShapeException>(() => x[0].Renorm(2, 0, 1));
    }
}
