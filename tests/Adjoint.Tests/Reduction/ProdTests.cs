using static Adjoint.Transform;

namespace Adjoint.Tests.Reduction;

/// <summary>Products: closed forms of gradients where elements are zero, of every order; dtypes; sums and extremes that know of NaN.</summary>
public class ProdTests
{
    [Fact]
    public void ValuesAndDTypes()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 6]).Reshape(2, 3);
        Assert.Equal(720, x.Prod().Item());
        Assert.Equal([6, 120], x.Prod(1).ToArray<double>());
        Assert.Equal([1, 3], x.Prod(0, keepDim: true).Shape);
        Assert.Equal(DType.Int64, x.To(DType.UInt8).Prod().DType);
        Assert.Equal(1, Tensor.Zeros(0).Prod().Item());
        Assert.Equal(1L, Tensor.Ones([3], DType.Bool).Prod().Item<long>());
        Assert.Equal("ProdBackward0", x.Clone().RequiresGrad_().Prod().GradFn!.Name);
        Assert.Equal("ProdBackward1", x.Clone().RequiresGrad_().Prod(1).GradFn!.Name);
    }

    /// <summary>With one zero only its own derivative is left, the product of the others; with two zeros the first derivatives vanish and the mixed
    /// one of both is the product of the others.</summary>
    [Fact]
    public void ZerosDivideNothing()
    {
        Assert.Equal([0, 24, 0, 0], Grad((Tensor a) => a.Prod())(Tensor.FromArray([2.0, 0, 3, 4])).ToArray<double>());
        Assert.Equal([12, 8, 6], Grad((Tensor a) => a.Prod())(Tensor.FromArray([2.0, 3, 4])).ToArray<double>());
        var x = Tensor.FromArray([2.0, 0, 3, 0]);
        Assert.Equal([0, 0, 0, 0], Grad((Tensor a) => a.Prod())(x).ToArray<double>());
        var hessian = Hessian((Tensor a) => a.Prod())(x);
        Assert.Equal(6, hessian[1, 3].Item());
        Assert.Equal(12, hessian.Sum().Item());

        // Three zeros: the third mixed derivative is what is left.
        var third = JacRev(Hessian((Tensor a) => a.Prod()))(Tensor.FromArray([0.0, 0, 5, 0]));
        Assert.Equal(5, third[0, 1, 3].Item());
        Assert.Equal(30, third.Sum().Item());
    }

    [Fact]
    public void RowsWithAndWithoutZeros()
    {
        var x = Tensor.FromArray([2.0, 0, 3, 4, 5, 6]).Reshape(2, 3).RequiresGrad_();
        (x.Prod(1) * Tensor.FromArray([1.0, 10])).Sum().Backward();
        Assert.Equal([0, 6, 0, 300, 240, 200], x.Grad!.Reshape(-1).ToArray<double>());
        Assert.Equal([0, 6, 0, 30, 24, 20], Vmap(Grad((Tensor a) => a.Prod()))(x.Detach()).Reshape(-1).ToArray<double>());
    }

    /// <summary>The product is 0 by underflow, and no element is: the derivative is 1e-200 all the same, where a quotient has 0.</summary>
    [Fact]
    public void UnderflowLosesNoDerivative()
    {
        var gradient = Grad((Tensor a) => a.Prod())(Tensor.FromArray([1e-200, 1e-200])).ToArray<double>();
        Assert.Equal([1e-200, 1e-200], gradient);
        var endless = Tensor.FromArray([double.PositiveInfinity, double.MaxValue, 0]);
        Assert.Equal([0, double.NaN, double.PositiveInfinity], Grad((Tensor a) => a.Prod())(endless).ToArray<double>());
    }

    [Fact]
    public void NaNIsLeftOut()
    {
        var x = Tensor.FromArray([1.0, double.NaN, 3]);
        Assert.Equal(4, x.NanSum().Item());
        Assert.Equal(2, x.NanMean().Item());
        Assert.Equal([1, 0, 1], Grad((Tensor a) => a.NanSum())(x).ToArray<double>());
        Assert.Equal([0.5, 0, 0.5], Grad((Tensor a) => a.NanMean())(x).ToArray<double>());
        Assert.Equal(6L, Tensor.FromArray([1L, 2, 3]).NanSum().Item<long>());
        Assert.Equal("NansumBackward0", x.Clone().RequiresGrad_().NanSum().GradFn!.Name);
        Assert.Throws<DTypeException>(() => Tensor.FromArray([1L]).NanMean());
        Assert.Equal(2L, Tensor.FromArray([0.0, double.NaN, -0.0, 1]).CountNonzero().Item<long>());
    }

    [Fact]
    public void BothExtremes()
    {
        var x = Tensor.FromArray([3.0, 1, 1, 3, 2]);
        Assert.Equal((1.0, 3.0), (x.AminMax().Min.Item(), x.AminMax().Max.Item()));
        Assert.Equal([10, -0.5, -0.5, 10, 0], Grad((Tensor a) => a.AminMax() is var (least, most) ? (20 * most) - least : a)(x).ToArray<double>());
        Assert.Equal("AminmaxBackward0", x.Clone().RequiresGrad_().AminMax(0).Max.GradFn!.Name);
        Assert.True(double.IsNaN(Tensor.FromArray([1, double.NaN]).AminMax().Min.Item()));
        Assert.Throws<TensorException>(() => Tensor.Zeros(0).AminMax());
        Assert.Throws<TensorIndexException>(() => Tensor.Zeros(2, 0).AminMax(1));
    }
}
