using static Adjoint.Transform;

namespace Adjoint.Tests.Scans;

/// <summary>Extremes so far, differences, integrals, derivatives of samples: PyTorch's rules, polynomials that the rules integrate and differentiate
/// exactly, long and wide scans against loops.</summary>
public class LineTests
{
    [Fact]
    public void ExtremesSoFar()
    {
        var x = Tensor.FromArray([1.0, 3, 2, 3, double.NaN, 5, double.NaN]);
        Assert.Equal([1, 3, 3, 3, double.NaN, double.NaN, double.NaN], x.CumMax(0).Values.ToArray<double>());
        Assert.Equal([0L, 1, 1, 3, 4, 4, 6], x.CumMax(0).Indices.ToArray<long>());
        Assert.Equal([0L, 0, 0, 0], (-x[..4]).CumMax(0).Indices.ToArray<long>());
        Assert.Equal([1, 1, 1, 1], x[..4].CumMin(0).Values.ToArray<double>());
        Assert.Equal([1, 2, 0, 1], Grad((Tensor a) => a.CumMax(0).Values.Sum())(x[..4]).ToArray<double>());
        Assert.Equal("CummaxBackward0", x.Clone().RequiresGrad_().CumMax(0).Values.GradFn!.Name);
        Assert.Equal("CumminBackward0", x.Clone().RequiresGrad_().CumMin(0).Values.GradFn!.Name);
        Assert.Equal(2L, Tensor.FromArray([false, true, true]).CumMax(0).Indices[2].Item<long>());
        Assert.Equal(7, Tensor.Scalar(7.0).CumMax(0).Values.Item());
        Assert.Equal([3, 0], Tensor.Zeros(3, 0).CumMax(1).Values.Shape);
    }

    [Fact]
    public void Differences()
    {
        var x = Tensor.FromArray([1.0, 4, 9, 16]);
        Assert.Equal([3, 5, 7], x.Diff().ToArray<double>());
        Assert.Equal([2, 2], x.Diff(2).ToArray<double>());
        Assert.Equal(0, x.Diff(9).Count);
        Assert.Equal([1, 3, 5, 7, 4], x.Diff(prepend: Tensor.FromArray([0.0]), append: Tensor.FromArray([20.0])).ToArray<double>());
        Assert.Equal([true, false], Tensor.FromArray([true, false, false]).Diff().ToArray<bool>());
        Assert.Throws<TensorException>(() => x.Diff(-1));
        Assert.Throws<ShapeException>(() => Tensor.Scalar(1.0).Diff());
        Assert.Throws<ShapeException>(() => x.Diff(prepend: Tensor.Zeros(1, 1)));
    }

    /// <summary>The rule integrates linear functions exactly: x over [0, 3] is 4.5.</summary>
    [Fact]
    public void Integrals()
    {
        var x = Tensor.FromArray([0.0, 1, 1.5, 3]);
        Assert.Equal(4.5, x.Trapezoid(x).Item());
        Assert.Equal([0.5, 1.125, 4.5], x.CumulativeTrapezoid(x).ToArray<double>());
        Assert.Equal(8, Tensor.FromArray([1.0, 2, 1]).Trapezoid(dx: 8.0 / 3).Item(), 1e-14);
        Assert.Equal(x.Trapezoid(x).Item(), x.Trapz(x).Item());
        Assert.Equal(0, Tensor.Zeros(0).Trapezoid().Item());
        Assert.Equal([2], Tensor.Ones(2, 4).Trapezoid(x.To(DType.Float32)).Shape);
        Assert.Throws<ShapeException>(() => x.Trapezoid(x[..2]));
        Assert.Throws<DTypeException>(() => x.Trapezoid(x.Gt(1)));
    }

    /// <summary>Differences of second order are exact for x^2, also at the edges and at any points.</summary>
    [Fact]
    public void Derivatives()
    {
        var x = Tensor.FromArray([0.0, 1, 3, 4, 7]);
        Assert.Equal([0, 2, 6, 8, 14], x.Square().Gradient([x], edgeOrder: 2)[0].ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 2, 6, 8, 11], x.Square().Gradient([x])[0].ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        var even = Tensor.Arange(5.0) / 2;
        Assert.Equal([0, 1, 2, 3, 4], even.Square().To(DType.Float64).Gradient(0.5, edgeOrder: 2)[0].ToArray<double>());
        var plane = (Tensor.Arange(3.0).Unsqueeze(1) * 2) + Tensor.Arange(4.0);
        var parts = plane.Gradient((double[])[1, 0.5]);
        Assert.Equal(2, parts[0].Mean().Item());
        Assert.Equal(2, parts[1].Mean().Item());
        Assert.Single(plane.Gradient(1, [-1]));
        Assert.Throws<TensorException>(() => plane.Gradient(edgeOrder: 3));
        Assert.Throws<TensorException>(() => plane.Gradient(1, [0, 0]));
        Assert.Throws<TensorException>(() => plane[..1].Gradient());
        Assert.Throws<ShapeException>(() => plane.Gradient((double[])[1]));
        Assert.Throws<ShapeException>(() => plane.Gradient([x], [0]));
    }

    /// <summary>Sums in pieces, rows in fours and columns in blocks: against a loop. Whole numbers add up without rounding.</summary>
    [Theory]
    [InlineData(4096, 1, 1)]
    [InlineData(100_003, 1, 1)]
    [InlineData(300_000, 1, 1)]
    [InlineData(5000, 3, 1)]
    [InlineData(70, 9, 1)]
    [InlineData(50, 2, 131)]
    [InlineData(1000, 1, 70)]
    public void LongAndWideSums(int length, int outer, int inner)
    {
        var random = new Random(length);
        var x = Array.ConvertAll(new double[outer * length * inner], _ => (double)random.Next(-9, 9));
        var expected = (double[])x.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            expected[i] += i / inner % length == 0 ? 0 : expected[i - inner];
        }

        foreach (var dtype in new[] { DType.Float64, DType.Float32, DType.Int32 })
        {
            var sums = Tensor.FromArray(x).Reshape(outer, length, inner).To(dtype).CumSum(1);
            Assert.Equal(expected, sums.To(DType.Float64).Reshape(-1).ToArray<double>());
        }

        var weights = Tensor.FromArray(x).Reshape(outer, length, inner);
        var gradient = Grad((Tensor a) => (a.CumSum(1) * weights).Sum())(weights);
        var back = Tensor.FromArray(x).Reshape(outer, length, inner).Sum(1, keepDim: true) - weights.CumSum(1) + weights;
        Assert.Equal(back.Reshape(-1).ToArray<double>(), gradient.Reshape(-1).ToArray<double>());
    }
}
