using static Adjoint.Transform;

namespace Adjoint.Tests.Reduction;

/// <summary>Segments: against loops written out, empty segments, ties and zeros, what lies outside of all, transforms.</summary>
public class SegmentReduceTests
{
    private static readonly Tensor X = Tensor.FromArray([3.0, 1, 4, 0, 5, 0]);
    private static readonly Tensor Lengths = Tensor.FromArray([2L, 0, 4]);

    [Theory]
    [InlineData(SegmentReduction.Sum, 4, 0, 9)]
    [InlineData(SegmentReduction.Mean, 2, double.NaN, 2.25)]
    [InlineData(SegmentReduction.Max, 3, double.NegativeInfinity, 5)]
    [InlineData(SegmentReduction.Min, 1, double.PositiveInfinity, 0)]
    [InlineData(SegmentReduction.Prod, 3, 1, 0)]
    public void EachSegmentIsReduced(SegmentReduction reduce, double first, double second, double third)
    {
        Assert.Equal([first, second, third], X.SegmentReduce(reduce, Lengths).ToArray<double>());
        Assert.Equal([first, second, third], X.SegmentReduce(reduce, offsets: Tensor.FromArray([0L, 2, 2, 6])).ToArray<double>());
        Assert.Equal(DType.BFloat16, X.To(DType.BFloat16).SegmentReduce(reduce, Lengths).DType);
        Assert.Equal("SegmentReduceBackward0", X.Clone().RequiresGrad_().SegmentReduce(reduce, Lengths).GradFn!.Name);
    }

    [Fact]
    public void AnInitialValueIsOneMore()
    {
        Assert.Equal([10, 10, 10], X.SegmentReduce(SegmentReduction.Max, Lengths, initial: 10).ToArray<double>());
        Assert.Equal([3, 2, 2.75], X.SegmentReduce(SegmentReduction.Mean, Lengths, initial: 2).ToArray<double>());
        Assert.Equal([0, 0, 0, 0, 0, 0], Grad((Tensor a) => a.SegmentReduce(SegmentReduction.Max, Lengths, initial: 10).Sum())(X).ToArray<double>());
    }

    /// <summary>Two zeros in a product leave the mixed derivative of both, 4 * 5 with the initial value 2; two smallest share.</summary>
    [Fact]
    public void TiesShareAndZerosDivideNothing()
    {
        Tensor Least(Tensor a) => a.SegmentReduce(SegmentReduction.Min, Lengths);
        Assert.Equal([0, 1, 0, 0.5, 0, 0.5], Grad((Tensor a) => Least(a)[0] + Least(a)[2])(X).ToArray<double>());
        Tensor Product(Tensor a) => a.SegmentReduce(SegmentReduction.Prod, Lengths, initial: 2).Sum();
        Assert.Equal([2, 6, 0, 0, 0, 0], Grad((Tensor a) => Product(a))(X).ToArray<double>());
        var hessian = Hessian((Tensor a) => Product(a))(X);
        Assert.Equal(40, hessian[3, 5].Item());
        Assert.Equal(84, hessian.Sum().Item());
    }

    /// <summary>A product that is infinite does not reach its neighbour.</summary>
    [Fact]
    public void SegmentsDoNotTouch()
    {
        var x = Tensor.FromArray([1e200, 1e200, 2, 3]);
        var gradient = Grad((Tensor a) => a.SegmentReduce(SegmentReduction.Prod, Tensor.FromArray([2L, 2]))[1])(x);
        Assert.Equal([0, 0, 3, 2], gradient.ToArray<double>());
    }

    [Fact]
    public void WhatLiesOutsideGetsNothing()
    {
        var offsets = Tensor.FromArray([1L, 3, 5]);
        foreach (var reduce in Enum.GetValues<SegmentReduction>())
        {
            var gradient = Grad((Tensor a) => a.SegmentReduce(reduce, offsets: offsets).Sum())(X + 1).ToArray<double>();
            Assert.Equal((0.0, 0.0), (gradient[0], gradient[5]));
        }
    }

    [Fact]
    public void TransformsFollow()
    {
        var rows = Tensor.Stack([X, X + 1]);
        foreach (var reduce in new[] { SegmentReduction.Sum, SegmentReduction.Max, SegmentReduction.Prod })
        {
            Tensor Run(Tensor a) => a.SegmentReduce(reduce, Tensor.FromArray([2L, 4]));
            var expected = Tensor.Stack([Run(rows[0]), Run(rows[1])]);
            Assert.Equal(expected.Reshape(-1).ToArray<double>(), Vmap((Tensor a) => Run(a))(rows).Reshape(-1).ToArray<double>());
            var slopes = Tensor.Stack([Grad((Tensor a) => Run(a).Sum())(rows[0]), Grad((Tensor a) => Run(a).Sum())(rows[1])]);
            Assert.Equal(slopes.Reshape(-1).ToArray<double>(), Vmap(Grad((Tensor a) => Run(a).Sum()))(rows).Reshape(-1).ToArray<double>());
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<ArgumentException>(() => X.SegmentReduce(SegmentReduction.Sum));
        Assert.Throws<TensorException>(() => X.SegmentReduce(SegmentReduction.Sum, Tensor.FromArray([2L, 3])));
        Assert.Throws<TensorIndexException>(() => X.SegmentReduce(SegmentReduction.Sum, Tensor.FromArray([7L, -1])));
        Assert.Throws<TensorIndexException>(() => X.SegmentReduce(SegmentReduction.Sum, offsets: Tensor.FromArray([0L, 7])));
        Assert.Throws<TensorIndexException>(() => X.SegmentReduce(SegmentReduction.Sum, offsets: Tensor.FromArray([4L, 2])));
        Assert.Throws<ShapeException>(() => X.SegmentReduce(SegmentReduction.Sum, Lengths.Reshape(1, 3)));
        Assert.Throws<ShapeException>(() => X.SegmentReduce(SegmentReduction.Sum, offsets: Tensor.Zeros([0], DType.Int64)));
        Assert.Throws<DTypeException>(() => X.SegmentReduce(SegmentReduction.Sum, Lengths.To(DType.Float64)));
        Assert.Throws<DTypeException>(() => X.To(DType.Int64).SegmentReduce(SegmentReduction.Sum, Lengths));
    }
}
