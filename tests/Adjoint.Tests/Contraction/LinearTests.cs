using Xunit;

namespace Adjoint.Tests.Contraction;

/// <summary>The fully connected map against the matrix product, transpose and sum that define it.</summary>
public sealed class LinearTests
{
    [Theory]
    [InlineData(new[] { 4 })]
    [InlineData(new[] { 3, 4 })]
    [InlineData(new[] { 2, 3, 4 })]
    [InlineData(new[] { 0, 4 })]
    public void EqualsItsDefinitionWithAllGradients(int[] shape)
    {
        var generator = new Generator(7);
        var x = Tensor.Randn(shape, DType.Float64, generator).RequiresGrad_();
        var w = Tensor.Randn([5, 4], DType.Float64, generator).RequiresGrad_();
        var b = Tensor.Randn([5], DType.Float64, generator).RequiresGrad_();
        var ours = x.Linear(w, b);
        var defined = x.MatMul(w.T) + b;
        Assert.True((ours - defined).Abs().Sum().Item() < 1e-12);

        var g = Tensor.Randn(ours.Shape.AsSpan(), DType.Float64, generator);
        var expected = Autograd.Grad([defined], [x, w, b], [g]);
        var actual = Autograd.Grad([ours], [x, w, b], [g]);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(expected[i]!.Shape, actual[i]!.Shape);
            Assert.True((actual[i]! - expected[i]!).Abs().Sum().Item() < 1e-12);
        }
    }

    [Fact]
    public void SecondOrderGoesThrough()
    {
        Tensor x = [[1.0, 2.0], [3.0, 4.0]];
        Tensor w = [[0.5, -1.0]];
        x.RequiresGrad = true;
        w.RequiresGrad = true;

        // The sum of squares of x w^T has gradient 2 x^T x w^T against w, whose sum has gradient 2 * (sum over columns of x^T x) again.
        var g = Autograd.Grad(x.Linear(w).Square().Sum(), w, createGraph: true);
        var h = Autograd.Grad(g.Sum(), w);
        Assert.Equal([2 * (10 + 14), 2 * (14 + 20)], h.ToArray<double>());
    }

    [Fact]
    public void IsNamedAsPyTorchNamesIt()
    {
        var x = Tensor.Ones(2, 3).RequiresGrad_();
        Assert.Equal("AddmmBackward0", x.Linear(Tensor.Ones(4, 3), Tensor.Ones(4)).GradFn!.Name);
        Assert.Equal("MmBackward0", x.Linear(Tensor.Ones(4, 3)).GradFn!.Name);
    }

    [Fact]
    public void BiasThatReceivesTheWholeGradientDoesNotShareIt()
    {
        // A bias of the result's own shape gets the gradient itself; later additions to it must not reach the other inputs.
        var x = Tensor.Ones([64, 128], DType.Float64).RequiresGrad_();
        var w = Tensor.Ones([64, 128], DType.Float64).RequiresGrad_();
        var b = Tensor.Ones([64, 64], DType.Float64).RequiresGrad_();
        for (var pass = 1; pass <= 3; pass++)
        {
            (x.Linear(w, b) * 2).Sum().Backward();
            Assert.True((b.Grad! - (2.0 * pass)).Abs().Sum().Item() == 0);
            Assert.True((x.Grad! - (128.0 * pass)).Abs().Sum().Item() == 0);
        }
    }

    [Fact]
    public void ShapesThatDoNotFitAreExplained()
    {
        var error = Assert.Throws<ShapeException>(() => Tensor.Ones(2, 3).Linear(Tensor.Ones(4, 5)));
        Assert.StartsWith("mat1 and mat2 shapes cannot be multiplied", error.Message, StringComparison.Ordinal);
        Assert.Throws<DTypeException>(() => Tensor.Ones(2, 3).Linear(Tensor.Ones([4, 3], DType.Float64)));
        Assert.Throws<ShapeException>(() => Tensor.Ones(2, 3).Linear(Tensor.Ones(4, 3), Tensor.Ones(5)));
    }
}
