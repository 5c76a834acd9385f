using static Adjoint.Transform;

namespace Adjoint.Tests.Sorting;

/// <summary>Orders: values and positions against LINQ's stable sort, PyTorch's rules for NaN and ties,
/// one node with two outputs, every transform.</summary>
public class SortTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RowsAreInOrderAndTiesInTheirs(bool descending)
    {
        var random = new Random(1);
        var x = Enumerable.Range(0, 200).Select(_ => random.Next(-9, 9) / 2.0).ToArray();
        var order = Enumerable.Range(0, x.Length).OrderBy(i => descending ? -x[i] : x[i]).ToArray();
        foreach (var dtype in new[] { DType.Float64, DType.Float32, DType.Float16, DType.BFloat16 })
        {
            var (values, indices) = Tensor.FromArray(x).To(dtype).Sort(descending: descending);
            Assert.Equal(order.Select(i => x[i]), values.To(DType.Float64).ToArray<double>());
            Assert.Equal(order.Select(i => (long)i), indices.ToArray<long>());
        }

        foreach (var dtype in new[] { DType.Int32, DType.Int64 })
        {
            var whole = x.Select(value => (long)(value * 2)).ToArray();
            var (values, indices) = Tensor.FromArray(whole).To(dtype).Sort(descending: descending);
            Assert.Equal(order.Select(i => whole[i]), values.To(DType.Int64).ToArray<long>());
            Assert.Equal(order.Select(i => (long)i), indices.ToArray<long>());
        }
    }

    /// <summary>PyTorch: NaN is larger than everything; zeros of both signs are equal.</summary>
    [Fact]
    public void NaNIsLargestAndZerosAreEqual()
    {
        var x = Tensor.FromArray([0.0, double.NaN, double.NegativeInfinity, -0.0, double.PositiveInfinity, -1]);
        Assert.Equal([2L, 5, 0, 3, 4, 1], x.ArgSort().ToArray<long>());
        Assert.Equal([1L, 4, 0, 3, 5, 2], x.ArgSort(descending: true).ToArray<long>());
        Assert.Equal([1L, 4], x.TopK(2).Indices.ToArray<long>());
    }

    [Fact]
    public void AnyDimensionAndScalars()
    {
        var x = Tensor.FromArray([3.0, 1, 2, 5]).Reshape(2, 2);
        Assert.Equal([2, 1, 3, 5], x.Sort(0).Values.Reshape(-1).ToArray<double>());
        Assert.Equal([1, 3, 2, 5], x.Sort(1).Values.Reshape(-1).ToArray<double>());
        Assert.Equal([2, 1], x.TopK(1, 0, largest: false).Values.Reshape(-1).ToArray<double>());
        Assert.Equal(0, Tensor.Scalar(7.0).Sort().Indices.Item<long>());
        Assert.Equal([0, 2], Tensor.Zeros(0, 2).Sort(0).Values.Shape);
        Assert.Equal([2, 0], Tensor.Zeros(2, 3).TopK(0).Values.Shape);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.StartsWith(
            "selected index k out of range",
            Assert.Throws<TensorIndexException>(() => Tensor.Zeros(3).TopK(4)).Message,
            StringComparison.Ordinal);
        Assert.Throws<TensorIndexException>(() => Tensor.Zeros(3).Sort(1));
        Assert.Throws<DTypeException>(() => Tensor.Zeros([3], DType.Bool).TopK(1));
    }

    /// <summary>One node with two outputs, of which the positions require no grad;
    /// its pull reads positions, so a change of them is refused.</summary>
    [Fact]
    public void OneNodeHasBothResults()
    {
        var x = Tensor.FromArray([3.0, 1, 2]).RequiresGrad_();
        var (values, indices) = x.Sort();
        Assert.Equal("SortBackward0", values.GradFn!.Name);
        Assert.False(indices.RequiresGrad);
        (values * Tensor.FromArray([1.0, 10, 100])).Sum().Backward(retainGraph: true);
        Assert.Equal([100, 1, 10], x.Grad!.ToArray<double>());
        indices.Add_(1);
        Assert.Contains(
            "modified by an inplace operation",
            Assert.Throws<AutogradException>(() => values.Sum().Backward()).Message,
            StringComparison.Ordinal);
        Assert.Equal("TopkBackward0", x.TopK(2).Values.GradFn!.Name);
        var (variance, mean) = x.VarMean();
        Assert.Same(variance.GradFn, mean.GradFn);
        Assert.Equal("VarMeanBackward0", mean.GradFn!.Name);
    }

    /// <summary>The sum of squares of the two largest: gradient and Hessian are 2x and 2 at these, from outside and from inside.</summary>
    [Fact]
    public void TransformsFollow()
    {
        static Tensor F(Tensor x) => x.TopK(2).Values.Square().Sum();
        var x = Tensor.FromArray([3.0, 1, 2]);
        Assert.Equal([6, 0, 4], Grad<Tensor>(F)(x).ToArray<double>());
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 2], Hessian(F)(x).Reshape(-1).ToArray<double>());
        Assert.Equal(4, Jvp(F, x, Tensor.FromArray([0.0, 5, 1])).Tangent.Item());
        var rows = Tensor.FromArray([3.0, 1, 2, 5, 6, 4]).Reshape(2, 3);
        Assert.Equal([6, 0, 4, 10, 12, 0], Vmap(Grad<Tensor>(F))(rows).Reshape(-1).ToArray<double>());
        Assert.Equal([6, 0, 4, 10, 12, 0], Grad((Tensor r) => Vmap(F)(r).Sum())(rows).Reshape(-1).ToArray<double>());
        var traced = Trace(Grad<Tensor>(F), x);
        Assert.Equal([0, 12, 10], traced.Call(Tensor.FromArray([4.0, 6, 5])).ToArray<double>());
        Assert.Contains("Topk(%0, k=2, dim=0, largest=true)", traced.Graph.ToString(), StringComparison.Ordinal);
    }
}
