namespace Adjoint.Tests.Pointwise;

/// <summary>
/// The examples of PyTorch's documentation (torch.div, torch.fmod, torch.frexp and so on), which have few digits, and what follows from definitions.
/// </summary>
public class DocumentedValuesTests
{
    private static readonly Tensor X = Tensor.FromArray(new double[] { -3, -2, -1, 1, 2, 3 });
    private static readonly Tensor OneToFive = Tensor.FromArray(new double[] { 1, 2, 3, 4, 5 });

    [Fact]
    public void QuotientsRoundAsAsked()
    {
        Tensor a = Numbers(-0.3711, -1.9353, -0.4605, -0.2917), b = Numbers(0.8032, 0.2930, -0.8113, -0.2308);
        Equal([0, -6, 0, 1], a.Div(b, "trunc"));
        Equal([-1, -7, 0, 1], a.Div(b, "floor"));
        Equal([2, 1], Tensor.FromArray(new long[] { 4, 3 }).FloorDivide(2));
        Equal([-2, 1, -2, 1], Tensor.FromArray(new long[] { -7, -7, 4, 5 }).Div(Tensor.FromArray(new long[] { 4, -4, -3, 3 }), "floor"));
        Equal([-1, 1, -1, 1], Tensor.FromArray(new long[] { -7, -7, 4, 5 }).Div(Tensor.FromArray(new long[] { 4, -4, -3, 3 }), "trunc"));
        Assert.Equal(DType.Int64, Tensor.FromArray(new long[] { 4 }).FloorDivide(2).DType);
        Assert.Equal(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up' (Parameter 'roundingMode')",
            Assert.Throws<ArgumentException>(() => a.Div(b, "up")).Message);
    }

    [Fact]
    public void RemaindersHaveTheSignAsked()
    {
        Equal([1, 0, 1, 1, 0, 1], X.Remainder(2));
        Equal([-0.5, -1, 0, -0.5, -1], OneToFive % -1.5);
        Equal([-1, 0, -1, 1, 0, 1], X.Fmod(2));
        Equal([1, 0.5, 0, 1, 0.5], OneToFive.Fmod(-1.5));
        Equal([-1, 2], Tensor.FromArray(new long[] { 5, -4 }) % Tensor.FromArray(new long[] { -2, 3 }));
        Equal([1, -1], Tensor.FromArray(new long[] { 5, -4 }).Fmod(Tensor.FromArray(new long[] { -2, 3 })));
        Assert.True(double.IsNegative(((Tensor)(-4.0)).Fmod(2).Item()));
        var x = X.Clone();
        x %= 2;
        Equal([1, 0, 1, 1, 0, 1], x);
    }

    /// <summary>One number less than a multiple, where the rounded quotient is whole.</summary>
    [Fact]
    public void QuotientsJustBelowWholeNumbersAreNotRoundedUp()
    {
        foreach (var n in new double[] { 3, 7, 1e6, 1e9, 3e15 })
        {
            foreach (var y in new[] { 0.1, 3, 1e-300, 7e200, -0.1, -3 })
            {
                var x = double.BitDecrement(Math.Abs(n * y)) * Math.Sign(y);
                Assert.Equal(x % y, Numbers(x).Fmod(y).ToArray<double>()[0]);
                var whole = (x - (x % y)) / y;
                Assert.Equal(Math.Round(whole), Numbers(x).FloorDivide(y).ToArray<double>()[0]);
            }
        }
    }

    [Fact]
    public void WholeNumbersHaveNoQuotientByZero()
    {
        Tensor x = Tensor.FromArray(new long[] { 1, 2 }), zero = Tensor.FromArray(new long[] { 1, 0 });
        foreach (var run in new Func<Tensor>[]
        {
            () => x.FloorDivide(zero), () => x % zero, () => x.Fmod(0), () => x.Div(zero, "trunc"), () => x.Clone().Remainder_(zero),
            () => Transform.Vmap((Tensor a, Tensor b) => a % b)(x, zero),
        })
        {
            Assert.StartsWith("ZeroDivisionError", Assert.Throws<TensorException>(run).Message, StringComparison.Ordinal);
        }

        Equal([double.PositiveInfinity], Numbers(1).FloorDivide(0.0));
        Equal([double.NaN], Numbers(1) % 0.0);
        Equal([long.MinValue], Tensor.FromArray(new[] { long.MinValue }).FloorDivide(-1));
        Equal([0], Tensor.FromArray(new[] { int.MinValue }) % -1);
        var refused = Assert.Throws<DTypeException>(() => Tensor.FromArray(new[] { true }).FloorDivide(true));
        Assert.StartsWith("\"div_floor_cpu\" not implemented for 'Bool'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DivisorsMultiplesAndShifts()
    {
        Tensor a = Tensor.FromArray(new long[] { 5, 10, 15 }), b = Tensor.FromArray(new long[] { 3, 4, 5 });
        Equal([1, 2, 5], a.Gcd(b));
        Equal([15, 20, 15], a.Lcm(b));
        Equal([3, 0, 7], Tensor.FromArray(new long[] { 3, 0, 0 }).Gcd(Tensor.FromArray(new long[] { 0, 0, -7 })));
        Equal([0], Tensor.FromArray(new long[] { 0 }).Lcm(0));
        Equal([-2, -2, 24], Tensor.FromArray(new long[] { -1, -2, 3 }) << Tensor.FromArray(new long[] { 1, 0, 3 }));
        Equal([-1, -7, 3], Tensor.FromArray(new long[] { -2, -7, 31 }) >> Tensor.FromArray(new long[] { 1, 0, 3 }));
        Equal([0, 0], Tensor.FromArray(new[] { 3, 3 }) << Tensor.FromArray(new[] { 32, -1 }));
        Equal([0, -1], Tensor.FromArray(new[] { 3, -3 }) >> Tensor.FromArray(new[] { 32, -1 }));
        Equal([0], Tensor.FromArray(new byte[] { 200 }) >> 8);
        var x = Tensor.FromArray(new long[] { 3 }) << 0;
        x <<= 2;
        x >>= 1;
        Equal([6], x);
    }

    [Fact]
    public void RoundingAndParts()
    {
        Equal([0, 2, 2, -0.0, -2], Numbers(0.5, 1.5, 2.5, -0.5, -2.5).Round());
        Equal([0.123], Numbers(0.1234567).Round(3), 1e-16);
        Equal([1000], Numbers(1200.1234567).Round(-3));
        Equal([-1, 2], Numbers(-1.7, 1.3).Ceil());
        Equal([-1, 1], Numbers(-1.7, 1.3).Trunc());
        Equal([0, 0.5, -0.2], Numbers(1, 2.5, -3.2).Frac(), 1e-15);
        var (mantissa, exponent) = Tensor.Arange(9.0).Frexp();
        Equal([0, 0.5, 0.5, 0.75, 0.5, 0.625, 0.75, 0.875, 0.5], mantissa);
        Equal([0, 1, 2, 2, 3, 3, 3, 3, 4], exponent);
        Assert.Equal(DType.Int32, exponent.DType);
        Equal([2, 4, 8, 16], Numbers(1).Ldexp(Tensor.FromArray(new long[] { 1, 2, 3, 4 })));
    }

    [Fact]
    public void SpecialNumbers()
    {
        Tensor x = Numbers(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 3.14);
        Equal([0, double.MaxValue, -double.MaxValue, 3.14], x.NanToNum());
        Equal([2, double.MaxValue, -double.MaxValue, 3.14], x.NanToNum(nan: 2));
        Equal([2, 1, -double.MaxValue, 3.14], x.NanToNum(nan: 2, posinf: 1));
        Equal([0, float.MaxValue, -float.MaxValue, 3.14f], x.To(DType.Float32).NanToNum());
        Equal([0, 65504, -65504, 3.140625], x.To(DType.Float16).NanToNum());
        Assert.Equal([true, false, false, false], x.IsNaN().ToArray<bool>());
        Assert.Equal([false, true, true, false], x.IsInf().ToArray<bool>());
        Assert.Equal([false, true, false, false], x.IsPosInf().ToArray<bool>());
        Assert.Equal([false, false, true, false], x.IsNegInf().ToArray<bool>());
        Assert.Equal([false, false, false, true], x.IsFinite().ToArray<bool>());
        Assert.Equal([true, true], Tensor.FromArray(new[] { 1, 2 }).IsFinite().ToArray<bool>());
        Assert.Equal([false, true, true], Numbers(0, -0.0, -1).SignBit().ToArray<bool>());
        Equal([9.7, 0.5, 3.1, double.NaN], Numbers(9.7, double.NaN, 3.1, double.NaN).Fmax(Numbers(-2.2, 0.5, double.NaN, double.NaN)));
        Equal([-2.2, 0.5, 3.1, double.NaN], Numbers(9.7, double.NaN, 3.1, double.NaN).Fmin(Numbers(-2.2, 0.5, double.NaN, double.NaN)));
        Equal([0, 0.5, 1, 0], Numbers(-1.5, 0, 2, double.NaN).Heaviside(0.5));
        Assert.Equal([true, true], Numbers(double.PositiveInfinity, 4).IsClose(Numbers(double.PositiveInfinity, 4.00003)).ToArray<bool>());
    }

    [Fact]
    public void FunctionsOfTwoNumbers()
    {
        Equal([5, 5.6569, 6.4031], Numbers(4).Hypot(Numbers(3, 4, 5)), 5e-5);
        Equal([5e200], Numbers(3e200).Hypot(4e200), 1e185);
        Equal([Math.PI / 4, Math.PI, -Math.PI / 2], Numbers(1, 0, -1).Atan2(Numbers(1, -1, 0)), 1e-15);
        Equal([-1, -2, -3], Numbers(-100, -200, -300).LogAddExp(Numbers(-1, -2, -3)), 1e-15);
        Equal([double.NegativeInfinity], Numbers(double.NegativeInfinity).LogAddExp(double.NegativeInfinity));
        Equal([3], Numbers(2).LogAddExp2(2));
        Equal([0, 0, double.NaN], Numbers(0, 0, 0).XLogY(Numbers(0, 3, double.NaN)));
        Equal([2, 4], Tensor.FromArray(new[] { 4, 16 }).FloatPower(0.5));
        Assert.Equal(DType.Float64, Tensor.FromArray(new[] { 4f }).FloatPower(2).DType);
        Equal([-1, 2], Numbers(1, -2).CopySign(Numbers(-0.0, 3)));
        Equal([1 + Math.ScaleB(1, -52), 2 - Math.ScaleB(1, -52)], Numbers(1, 2).NextAfter(Numbers(2, 1)));
        Equal([1 + Math.ScaleB(1, -23), -float.Epsilon], Tensor.FromArray(new[] { 1f, 0f }).NextAfter(Tensor.FromArray(new[] { 2f, -1f })));
        Equal([1 + Math.ScaleB(1, -10)], Tensor.FromArray(new[] { 1f }).To(DType.Float16).NextAfter(2));
        Equal([15, 20], Numbers(10, 10).Lerp(Numbers(20, 30), 0.5));
    }

    [Fact]
    public void AtTheOriginGradientsAreZero()
    {
        foreach (var run in new Func<Tensor, Tensor, Tensor>[] { (x, y) => x.Hypot(y), (x, y) => x.Atan2(y) })
        {
            Tensor x = Numbers(0).RequiresGrad_(), y = Numbers(0).RequiresGrad_();
            run(x, y).Sum().Backward();
            Assert.Equal(0, x.Grad!.Item());
            Assert.Equal(0, y.Grad!.Item());
        }
    }

    [Fact]
    public void Activations()
    {
        Tensor x = Numbers(-2, -0.3, 0, 0.3, 2);
        Equal([-2, 0, 0, 0, 2], x.Hardshrink());
        Equal([-1.5, 0, 0, 0, 1.5], x.Softshrink());
        Equal([7, 7, 7, 0.3, 2], x.Threshold(0.1, 7));
        Equal([-0.5, -0.075, 0, 0.3, 2], x.Prelu(0.25), 1e-15);
        Equal([-0.4583333333333333, -0.06875, 0, 0.3, 2], x.Rrelu(), 1e-15);
        var drawn = x.Rrelu(training: true).ToArray<double>();
        Assert.InRange(drawn[0], -2.0 / 3, -0.25);
        Assert.Equal([0, 0.3, 2], drawn[2..]);
        Equal([2 / (1 + Math.Exp(-1))], Numbers(2, 1).Glu(), 1e-15);
        Assert.Throws<ShapeException>(() => x.Glu());
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Softshrink(-1));
        Assert.Throws<ShapeException>(() => Tensor.Ones(2, 3).Prelu(Tensor.Ones(2)));
    }

    private static Tensor Numbers(params double[] values) => Tensor.FromArray(values);

    private static void Equal(double[] expected, Tensor actual, double tolerance = 0) =>
        Assert.Equal(expected, actual.ToArray<double>(), (a, b) => a.Equals(b) || Math.Abs(a - b) <= tolerance);
}
