using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Comparisons, limits, triangles and leaks in place: values, dtypes, histories, and what is refused.</summary>
public class InPlaceChoiceTests
{
    [Fact]
    public void ComparisonsWriteOnesAndZerosInTheDTypeOfTheTensor()
    {
        Tensor Of(DType dtype) => Tensor.FromArray([1.0, 2, 3]).To(dtype);
        foreach (var dtype in DType.All.Where(dtype => dtype != DType.Bool && dtype != DType.UInt64))
        {
            Tensor[] results =
            [
                Of(dtype).Eq_(2), Of(dtype).Ne_(2), Of(dtype).Lt_(2), Of(dtype).Le_(2), Of(dtype).Gt_(2), Of(dtype).Ge_(2),
                Of(dtype).LogicalAnd_(Tensor.FromArray([true, false, true])), Of(dtype).LogicalOr_(false), Of(dtype).LogicalXor_(true),
                Of(dtype).LogicalNot_(),
            ];
            Assert.All(results, result => Assert.Equal(dtype, result.DType));
            Assert.Equal(
                ["010", "101", "100", "110", "001", "011", "101", "111", "000", "000"],
                results.Select(result => string.Concat(result.ToArray<long>())));
        }
    }

    /// <summary>The history is PyTorch's: a derivative that is zero, named after the comparison and whether it was with a number.</summary>
    [Fact]
    public void AComparisonCutsTheHistory()
    {
        var x = Leaf(1, 2, 3);
        var y = (x * 2).Gt_(3);
        Assert.Equal("GtBackward0", y.GradFn!.Name);
        Assert.Equal("GtBackward1", (x * 2).Gt_(x).GradFn!.Name);
        Assert.Equal("LogicalNotBackward0", (x * 2).LogicalNot_().GradFn!.Name);
        (y * x).Sum().Backward();
        Assert.Equal([0, 1, 1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void AComparedViewIsPartOfItsBase()
    {
        var x = Leaf(1, 2, 3);
        var y = x * 2;
        y[1..].Ge_(5);
        Holds(y, 2, 0, 1);
        y.Sum().Backward();
        Assert.Equal([2, 0, 0], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<ShapeException>(() => Tensor.Ones(3).Eq_(Tensor.Ones(2, 3)));
        Assert.Throws<ShapeException>(() => Tensor.Ones(1).Expand(3).Eq_(1));
        Assert.Throws<ShapeException>(() => Tensor.Ones(3).Clamp_(Tensor.Ones(2, 3)));
        Assert.Throws<ShapeException>(() => Tensor.Ones(3).Tril_());
        Assert.Contains(
            "At least one of 'min' or 'max' must not be None", Assert.Throws<TensorException>(() => Tensor.Ones(3).Clamp_()).Message);
        Assert.Contains(
            "can't be cast to the desired output type",
            Assert.Throws<DTypeException>(() => Tensor.Arange(3).Clamp_(0.5)).Message);
        Assert.Contains("can't be cast", Assert.Throws<DTypeException>(() => Tensor.Arange(3).Igamma_(1)).Message);
        Assert.Throws<DTypeException>(() => Tensor.FromArray([true]).Clamp_(0, 1));
    }

    [Fact]
    public void LimitsInPlaceAreThoseOfTheTwin()
    {
        Holds(Tensor.FromArray([-2.0, 0.5, 3]).Clamp_(-1, 2), -1, 0.5, 2);
        Holds(Tensor.FromArray([-2.0, 0.5, 3]).ClampMin_(0), 0, 0.5, 3);
        Holds(Tensor.FromArray([-2.0, 0.5, 3]).ClampMax_(0), -2, 0, 0);
        Assert.Equal([1, 1, 2], Tensor.Arange(3).Clamp_(1).ToArray<long>());
        Assert.Equal([0, 1, 1], Tensor.Arange(3).Clip_(max: 1).ToArray<long>());
        var half = Tensor.FromArray([-2f, 0.5f, 3]).To(DType.Float16);
        Assert.Same(half, half.Clamp_(-1, 2));
        Assert.Equal([-1, 0.5, 2], half.ToArray<double>());

        var x = Leaf(-2, 0.5, 2);
        var y = (x * 1).Clamp_(-1, 2);
        Assert.Equal("ClampBackward1", y.GradFn!.Name);
        y.Sum().Backward();
        Assert.Equal([0, 1, 1], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void TrianglesInPlaceAreThoseOfTheTwin()
    {
        foreach (var diagonal in new[] { -2, -1, 0, 1, 5 })
        {
            foreach (var isUpper in new[] { false, true })
            {
                var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
                var twin = isUpper ? x.Triu(diagonal) : x.Tril(diagonal);
                var y = x * 1;
                Assert.Same(y, isUpper ? y.Triu_(diagonal) : y.Tril_(diagonal));
                Assert.Equal(isUpper ? "TriuBackward0" : "TrilBackward0", y.GradFn!.Name);
                Assert.Equal(twin.Detach().ToArray<double>(), y.Detach().ToArray<double>());
                var g = Tensor.FromArray([0.5, 1, 2, 3, 5, 7], 2, 3);
                Assert.Equal(
                    Autograd.Grad([twin], [x], [g])[0]!.ToArray<double>(),
                    Autograd.Grad([y], [x], [g])[0]!.ToArray<double>());
            }
        }

        var whole = Tensor.Arange(9).Reshape(3, 3);
        whole.T.Tril_();
        Assert.Equal([0, 1, 2, 0, 4, 5, 0, 0, 8], whole.ToArray<long>());
        var leaf = LeafOf([2, 2], 1, 2, 3, 4);
        Fails<AutogradException>("a leaf Variable that requires grad is being used in an in-place operation.", () => leaf.Triu_());
    }

    /// <summary>Of a view only the part that it shows loses its upper triangle, and its gradient.</summary>
    [Fact]
    public void ATriangleOfAViewChangesItsBase()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        var y = x * 1;
        y[.., 1..].Tril_();
        Holds(y, 1, 2, 0, 4, 5, 6);
        y.Sum().Backward();
        Assert.Equal([1, 1, 0, 1, 1, 1], x.Grad!.ToArray<double>());
    }

    /// <summary>The matrices are NumPy's documented ones of fill_diagonal, with and without wrap.</summary>
    [Fact]
    public void DiagonalsAreFilled()
    {
        Assert.Equal([4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0], Tensor.Zeros(5, 3).FillDiagonal_(4).ToArray<int>());
        Assert.Equal([4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0], Tensor.Zeros(5, 3).FillDiagonal_(4, wrap: true).ToArray<int>());
        Assert.Equal([4, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, 0, 0], Tensor.Zeros(3, 5).FillDiagonal_(4, wrap: true).ToArray<int>());
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 1], Tensor.Zeros(2, 2, 2).FillDiagonal_(1).ToArray<int>());
        Assert.Throws<ShapeException>(() => Tensor.Zeros(3).FillDiagonal_(1));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 2, 3).FillDiagonal_(1));

        var x = LeafOf([2, 2], 1, 2, 3, 4);
        (x * 2).FillDiagonal_(9).Sum().Backward();
        Assert.Equal([0, 2, 2, 0], x.Grad!.ToArray<double>());
        Fails<AutogradException>("a view of a leaf Variable that requires grad is being used in an in-place operation.", () => x.FillDiagonal_(0));
    }

    [Fact]
    public void SumsAndProductsSoFarInPlaceAreThoseOfTheTwin()
    {
        var g = Tensor.FromArray([0.5, 1, 2, 3, 5, 7], 2, 3);
        foreach (var dim in new[] { 0, 1, -1 })
        {
            foreach (var (twin, change) in new (Func<Tensor, Tensor>, Func<Tensor, Tensor>)[]
            {
                (x => x.CumSum(dim), x => x.CumSum_(dim)), (x => x.CumProd(dim), x => x.CumProd_(dim)),
            })
            {
                var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
                var (expected, actual) = (twin(x), change(x * 1));
                Assert.Equal(expected.Detach().ToArray<double>(), actual.Detach().ToArray<double>());
                Assert.Equal(Autograd.Grad([expected], [x], [g])[0]!.ToArray<double>(), Autograd.Grad([actual], [x], [g])[0]!.ToArray<double>());
            }
        }

        var whole = Tensor.Arange(4).To(DType.Int32);
        Assert.Equal(DType.Int32, whole.CumSum_(0).DType);
        Assert.Equal([0, 1, 3, 6], whole.ToArray<int>());
        Assert.Throws<DTypeException>(() => Tensor.Arange(3).CumSum_(0, DType.Float32));
        Assert.Throws<TensorIndexException>(() => Tensor.Ones(2).CumProd_(1));
    }

    [Fact]
    public void LeaksInPlace()
    {
        Holds(Tensor.FromArray([-8.0, 4]).Rrelu_(0.25, 0.5), -3, 4);
        Assert.Throws<ArgumentException>(() => Tensor.Ones(2).Rrelu_(0.5, 0.25));

        // The slopes that were drawn are the derivative.
        var x = LeafOf([100], [.. Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? -1.0 : 1) * (i + 1))]);
        var y = (x * 1).Rrelu_(training: true);
        y.Sum().Backward();
        var slopes = x.Grad!.ToArray<double>();
        Assert.Equal(y.Detach().ToArray<double>(), (x.Detach() * x.Grad!).ToArray<double>());
        Assert.All(slopes.Where((_, i) => i % 2 == 1), slope => Assert.Equal(1, slope));
        Assert.All(slopes.Where((_, i) => i % 2 == 0), slope => Assert.InRange(slope, 1.0 / 8, 1.0 / 3));
        Assert.True(slopes.Distinct().Count() > 40);
    }
}
