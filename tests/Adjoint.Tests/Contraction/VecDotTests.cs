namespace Adjoint.Tests.Contraction;

/// <summary>Inner products along a dimension: the product and its sum, and what PyTorch refuses.</summary>
public class VecDotTests
{
    [Fact]
    public void IsTheProductAndItsSum()
    {
        var x = Tensor.Arange(24, dtype: DType.Float64).Reshape(2, 3, 4);
        var y = x.Cos();
        foreach (var dim in new[] { 0, 1, 2, -1, -3 })
        {
            Assert.Equal((x * y).Sum(dim).ToArray<double>(), Tensor.VecDot(x, y, dim).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-13);
            Assert.Equal((x * y[0]).Sum(dim).ToArray<double>(), Tensor.VecDot(x, y[0], dim).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-13);
        }

        Assert.Equal(32, Tensor.VecDot(Tensor.FromArray([1.0, 2, 3]), Tensor.FromArray([4.0, 5, 6])).Item());
    }

    /// <summary>Gradients of inputs that were broadcast are summed in the same pass: against products and sums that are written down.</summary>
    [Fact]
    public void GradientsOfWhatWasBroadcast()
    {
        var random = new Random(1);
        Tensor Drawn(params int[] shape) =>
            Tensor.FromArray([.. Enumerable.Range(0, (int)Adjoint.Shape.Product(shape)).Select(_ => random.NextDouble() - 0.5)], shape);
        var x = Drawn(50, 1, 40).RequiresGrad_();
        var y = Drawn(30, 40).RequiresGrad_();
        foreach (var dim in new[] { 0, 1, 2 })
        {
            var z = Tensor.VecDot(x, y, dim);
            var g = Drawn(z.Shape.ToArray());
            var actual = Autograd.Grad([z], [x, y], [g]);
            var wide = g.Unsqueeze(dim).Expand(50, 30, 40);
            Close((wide * y.Detach()).Sum(1, keepDim: true), actual[0]!);
            Close((wide * x.Detach()).Sum(0), actual[1]!);
        }

        static void Close(Tensor expected, Tensor actual)
        {
            Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
            Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Fact]
    public void Refusals()
    {
        Tensor whole = [1, 2];
        Tensor real = [1.5, 2];
        Assert.StartsWith(
            "linalg.vecdot: Expected a floating point or complex tensor as input. Got Long",
            Assert.Throws<DTypeException>(() => Tensor.VecDot(whole, whole)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type",
            Assert.Throws<DTypeException>(() => Tensor.VecDot(real, whole)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Tensor.VecDot(real, Tensor.Zeros([3], real.DType)));
        Assert.Throws<TensorIndexException>(() => Tensor.VecDot(real, real, 1));
    }
}
