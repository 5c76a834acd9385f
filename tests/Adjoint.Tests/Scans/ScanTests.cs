using static Adjoint.Transform;

namespace Adjoint.Tests.Scans;

/// <summary>Scans: values against loops, closed forms of gradients, zeros, precision, dtypes.</summary>
public class ScanTests
{
    [Fact]
    public void ValuesAreThoseOfALoop()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 6]).Reshape(2, 3);
        Assert.Equal([1, 3, 6, 4, 9, 15], x.CumSum(1).Reshape(-1).ToArray<double>());
        Assert.Equal([1, 2, 3, 5, 7, 9], x.CumSum(0).Reshape(-1).ToArray<double>());
        Assert.Equal([1, 2, 6, 4, 20, 120], x.CumProd(-1).Reshape(-1).ToArray<double>());
        var logs = x.LogCumSumExp(1).Reshape(-1).ToArray<double>();
        Assert.Equal(Math.Log(Math.Exp(4) + Math.Exp(5) + Math.Exp(6)), logs[5], 1e-14);
        Assert.Equal("CumsumBackward0", x.Clone().RequiresGrad_().CumSum(0).GradFn!.Name);
    }

    /// <summary>PyTorch: whole numbers and truth values give int64, another dtype is converted to first.</summary>
    [Fact]
    public void WholeNumbersGiveInt64()
    {
        var x = Tensor.FromArray([200, 100]).To(DType.UInt8);
        Assert.Equal(DType.Int64, x.CumSum(0).DType);
        Assert.Equal([200L, 300], x.CumSum(0).ToArray<long>());
        Assert.Equal([1L, 2], Tensor.Ones([2], DType.Bool).CumSum(0).ToArray<long>());
        Assert.Equal(DType.Float64, x.CumProd(0, DType.Float64).DType);
        Assert.Throws<DTypeException>(() => x.LogCumSumExp(0));
        Assert.Throws<TensorIndexException>(() => x.CumSum(1));
    }

    /// <summary>d/dx1 of 2, 2x1, 2x1·3, ... at x1 = 0 is 2(1 + 3) = 8, where a quotient by x1 has no value.</summary>
    [Fact]
    public void ZerosDivideNothing()
    {
        var x = Tensor.FromArray([2.0, 0, 3, 0, 4]);
        Assert.Equal([1, 8, 0, 0, 0], Grad((Tensor a) => a.CumProd(0).Sum())(x).ToArray<double>());

        // Mixed derivatives of x1 x2 x3 x4 x5 alone: x3 x5 x1 for (x2, x4), nothing else is left with two zeros.
        var hessian = Hessian((Tensor a) => a.CumProd(0)[4])(x);
        Assert.Equal(24, hessian[1, 3].Item());
        Assert.Equal(48, hessian.Sum().Item());
    }

    [Fact]
    public void InfinitiesPassThroughLogarithms()
    {
        var x = Tensor.FromArray([double.NegativeInfinity, 1, double.PositiveInfinity]);
        Assert.Equal([double.NegativeInfinity, 1, double.PositiveInfinity], x.LogCumSumExp(0).ToArray<double>());
        Assert.Equal([0, 1], Grad((Tensor a) => a.LogCumSumExp(0)[1])(x[..2]).ToArray<double>());
    }

    /// <summary>The state is float64: a million times 0.1 in float32 is off by its own rounding,
    /// 1.5e-9 of each, and not by 1e-3 of a float32 sum.</summary>
    [Fact]
    public void LongSumsKeepTheirDigits()
    {
        var last = Tensor.Full([1_000_000], 0.1f, DType.Float32).CumSum(0)[^1].Item();
        Assert.Equal(1e6 * (double)0.1f, last, 1e-2);
    }

    [Fact]
    public void TransformsFollow()
    {
        var x = Tensor.FromArray([1.0, 2, 3]);
        static Tensor F(Tensor a) => a.CumProd(0);
        Assert.Equal([1, 0, 0, 2, 1, 0, 6, 3, 2], JacRev((Tensor a) => F(a))(x).Reshape(-1).ToArray<double>());
        Assert.Equal([1, 0, 0, 2, 1, 0, 6, 3, 2], JacFwd((Tensor a) => F(a))(x).Reshape(-1).ToArray<double>());
        var rows = Tensor.Stack([x, x + 1]);
        Assert.Equal([1, 2, 6, 2, 6, 24], Vmap(F)(rows).Reshape(-1).ToArray<double>());
        Assert.Equal([9, 4, 2, 16, 10, 6], Vmap(Grad((Tensor a) => F(a).Sum()))(rows).Reshape(-1).ToArray<double>());
    }
}
