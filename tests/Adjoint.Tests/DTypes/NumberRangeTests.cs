namespace Adjoint.Tests.DTypes;

/// <summary>
/// Numbers that a dtype does not take are refused where PyTorch refuses them, in its words, and nothing is written; what it takes is converted by its
/// rule (<c>c10::overflows</c>: fractions are cut off, infinities stay, bool takes everything, negative whole numbers down to -255 wrap around in
/// uint8).
/// </summary>
public class NumberRangeTests
{
    /// <summary>How a plain number becomes an element.</summary>
    private static readonly Dictionary<string, Func<DType, Tensor, Tensor>> Ways = new()
    {
        ["Fill_"] = (dtype, value) => Old(dtype).Fill_(value),
        ["Fill_ with a scalar"] = (dtype, value) => Old(dtype).Fill_(value.To(value.DType)),
        ["Fill_ of nothing"] = (dtype, value) => Tensor.Zeros([0, 3], dtype).Fill_(value),
        ["Full"] = (dtype, value) => Tensor.Full([3], value, dtype),
        ["FullLike"] = (dtype, value) => Tensor.FullLike(Old(dtype), value),
        ["FullLike in a dtype"] = (dtype, value) => Tensor.FullLike(Tensor.Zeros(3), value, dtype),
        ["MaskedFill"] = (dtype, value) => Old(dtype).MaskedFill(Mask, value),
        ["MaskedFill with a scalar"] = (dtype, value) => Old(dtype).MaskedFill(Mask, value.To(value.DType)),
        ["MaskedFill of nothing"] = (dtype, value) => Old(dtype).MaskedFill(Tensor.Zeros([3], DType.Bool), value),
        ["x[0] ="] = (dtype, value) => Assigned(dtype, x => x[0] = value),
        ["x[..] ="] = (dtype, value) => Assigned(dtype, x => x[..] = value),
        ["x[mask] ="] = (dtype, value) => Assigned(dtype, x => x[Mask] = value),
        ["x[positions] ="] = (dtype, value) => Assigned(dtype, x => x[Tensor.FromArray(new[] { 2L, 0 })] = value),
    };

    private static Tensor Mask => Tensor.FromArray(new[] { true, false, true });

    public static TheoryData<string> Names => [.. Ways.Keys];

    private static Tensor Old(DType dtype) => Tensor.Ones([3], dtype);

    private static Tensor Assigned(DType dtype, Action<Tensor> assign)
    {
        var x = Old(dtype);
        try
        {
            assign(x);
        }
        catch (DTypeException)
        {
            Assert.True((x == 1).All().Item<bool>());
            throw;
        }

        return x;
    }

    private static void Refused(DType dtype, string type, Func<Tensor> run)
    {
        var message = Assert.Throws<DTypeException>(run).Message;
        Assert.StartsWith($"value cannot be converted to type {type} without overflow.", message, StringComparison.Ordinal);
        Assert.Contains($"DType.{dtype}", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatDoesNotFitIsRefused(string name)
    {
        var way = Ways[name];
        foreach (var value in new Tensor[] { 300, 256, -256, 1L << 40, 255.5, -0.5, -1.5, double.NaN, double.PositiveInfinity, -1f / 0 })
        {
            Refused(DType.UInt8, "uint8_t", () => way(DType.UInt8, value));
        }

        foreach (Tensor value in new Tensor[] { 1L << 31, (-1L << 31) - 1, 3e9, 2147483647.5, double.NaN, double.NegativeInfinity })
        {
            Refused(DType.Int32, "int", () => way(DType.Int32, value));
        }

        foreach (var value in new Tensor[] { double.NaN, double.PositiveInfinity, -1 / 0.0, 9223372036854775808.0, -1e300, float.NaN })
        {
            Refused(DType.Int64, "int64_t", () => way(DType.Int64, value));
        }

        foreach (Tensor value in new Tensor[] { 1e300, -3.5e38 })
        {
            Refused(DType.Float32, "float", () => way(DType.Float32, value));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatFitsIsConverted(string name)
    {
        void Becomes(DType dtype, Tensor value, double expected)
        {
            var result = Ways[name](dtype, value);
            Assert.Equal(dtype, result.DType);
            Assert.Equal(name.EndsWith("of nothing", StringComparison.Ordinal) ? 1 : expected, result.Count == 0 ? 1 : result[0].Item());
        }

        Becomes(DType.Bool, 300, 1);
        Becomes(DType.Bool, 0.5, 1);
        Becomes(DType.Bool, double.NaN, 1);
        Becomes(DType.UInt8, 255, 255);
        Becomes(DType.UInt8, 254.7, 254);
        Becomes(DType.UInt8, -1, 255);
        Becomes(DType.UInt8, -255, 1);
        Becomes(DType.UInt8, true, 1);
        Becomes(DType.Int32, int.MinValue, int.MinValue);
        Becomes(DType.Int32, -1.5, -1);
        Becomes(DType.Int64, 0.5, 0);
        Becomes(DType.Int64, -9223372036854775808.0, long.MinValue);
        Becomes(DType.Float32, double.PositiveInfinity, double.PositiveInfinity);
        Becomes(DType.Float32, double.NaN, double.NaN);
        Becomes(DType.Float32, 1L << 40, 1L << 40);
        Becomes(DType.Float64, 1e300, 1e300);
        if (!name.EndsWith("of nothing", StringComparison.Ordinal))
        {
            Assert.Equal((1L << 53) + 1, Ways[name](DType.Int64, (1L << 53) + 1)[0].Item<long>());
            Assert.Equal(long.MaxValue, Ways[name](DType.Int64, long.MaxValue)[0].Item<long>());
        }
    }

    [Fact]
    public void FullChoosesItsDtypeByTheNumber()
    {
        Refused(DType.Float32, "float", () => Tensor.Full([2], 1e300));
        Assert.Equal([long.MaxValue], Tensor.Full([1], long.MaxValue).ToArray<long>());
    }

    /// <summary>What PyTorch converts without a look: conversions, copies of tensors, and arithmetic with plain numbers.</summary>
    [Fact]
    public void ConversionsAndArithmeticWrapAround()
    {
        Assert.Equal([44, 255], Tensor.FromArray(new[] { 300L, -1 }).To(DType.UInt8).ToArray<byte>());
        Assert.Equal([44], Tensor.Zeros([1], DType.UInt8).Copy_(Tensor.FromArray(new[] { 300L })).ToArray<byte>());
        var bytes = Tensor.FromArray(new byte[] { 200 });
        bytes[0] = Tensor.Scalar(300L);
        Assert.Equal([44], bytes.ToArray<byte>());
        Assert.Equal([88], (bytes + 300).ToArray<byte>());
        Assert.Equal([88], bytes.Add_(300).ToArray<byte>());
        Assert.Equal([168], bytes.Mul_(-1).ToArray<byte>());
        Assert.StartsWith(
            "result type Float can't be cast to the desired output type Byte",
            Assert.Throws<DTypeException>(() => bytes.Add_(0.5)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>x86's answer, which PyTorch gives and the conformance file has; C++ leaves it open.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public void RealsBeyondWholeNumbersConvertToTheLeast(double value)
    {
        foreach (var x in new[] { Tensor.FromArray(new[] { value, 1 }), Tensor.FromArray(new[] { (float)value, 1 }) })
        {
            Assert.Equal([int.MinValue, 1], x.To(DType.Int32).ToArray<int>());
            Assert.Equal([long.MinValue, 1], x.To(DType.Int64).ToArray<long>());
            Assert.Equal([0, 1], x.To(DType.UInt8).ToArray<byte>());
            Assert.Equal([int.MinValue, 1], Tensor.Zeros([2], DType.Int32).Copy_(x).ToArray<int>());
        }
    }

    /// <summary>PyTorch 2's <c>where</c> makes scalars of plain numbers by filling; its <c>clamp</c> and <c>pow</c> check them alike.</summary>
    [Fact]
    public void PlainNumbersBesideElementsAreRefusedToo()
    {
        var bytes = Tensor.FromArray(new byte[] { 1, 2 });
        var ints = Tensor.FromArray(new[] { 1, 2 });
        Refused(DType.UInt8, "uint8_t", () => Tensor.Where(bytes == 1, bytes, 300));
        Refused(DType.UInt8, "uint8_t", () => Tensor.Where(bytes == 1, 300, bytes));
        Refused(DType.UInt8, "uint8_t", () => bytes.Maximum(300));
        Refused(DType.Int32, "int", () => ints.Minimum(1L << 40));
        Refused(DType.UInt8, "uint8_t", () => bytes.Clamp(max: 300));
        Refused(DType.Int32, "int", () => ints.Clamp(min: -1L << 40));
        Refused(DType.UInt8, "uint8_t", () => bytes.Pow(300));
        Refused(DType.UInt8, "uint8_t", () => bytes.Add(bytes, alpha: 300));
        Refused(DType.UInt8, "uint8_t", () => bytes.Sub_(bytes, alpha: 300));
        Assert.Equal([255, 255], bytes.Clamp(-1, -1).ToArray<byte>());
    }

    [Fact]
    public void FactorsOfWholeNumbersAreWhole()
    {
        var (x, y) = (Tensor.FromArray(new[] { 10L }), Tensor.FromArray(new[] { 3L }));
        foreach (var run in new Func<Tensor>[] { () => x.Add(y, 0.5), () => x.Sub(y, 0.5), () => x.Add_(y, 0.5), () => x.Sub_(y, double.NaN) })
        {
            Assert.StartsWith(
                "For integral input tensors, argument alpha must not be a floating point number.",
                Assert.Throws<DTypeException>(run).Message,
                StringComparison.Ordinal);
        }

        Assert.Equal([4], x.Sub(y, 2).ToArray<long>());

        // 10 - 2 * 3 and 10 - 2 * 200 + 512: bytes have no negative factor.
        var bytes = Tensor.FromArray(new byte[] { 10, 10 });
        Assert.Equal([4, 122], bytes.Sub(Tensor.FromArray(new byte[] { 3, 200 }), 2).ToArray<byte>());
        Assert.Equal([4, 122], bytes.Add_(Tensor.FromArray(new byte[] { 3, 200 }), -2).ToArray<byte>());
    }

    [Fact]
    public void ReadersRefuseWhatTheirTypeDoesNotHold()
    {
        foreach (var value in new[] { double.NaN, 1e300, double.NegativeInfinity, 9223372036854775808.0 })
        {
            Refused(DType.Int64, "int64_t", () => Tensor.Scalar(value).Item<long>());
            Refused(DType.Int64, "int64_t", () => Tensor.FromArray(new[] { 1, value }).ToArray<long>());
        }

        Refused(DType.Int64, "int64_t", () => Tensor.Scalar(float.NaN).Item<long>());
        Refused(DType.Int32, "int", () => Tensor.Scalar(1L << 31).Item<int>());
        Refused(DType.Int32, "int", () => Tensor.Scalar(float.MaxValue).Item<int>());
        Refused(DType.UInt8, "uint8_t", () => Tensor.Scalar(300).Item<byte>());
        Refused(DType.UInt8, "uint8_t", () => Tensor.FromArray(new[] { 1, 300 }).ToArray<byte>());
        Refused(DType.UInt8, "uint8_t", () => Tensor.FromArray(new[,] { { 1f, 2 }, { 300, 4 } }).T.ToArray<byte>());
        Refused(DType.Float32, "float", () => Tensor.Scalar(1e300).Item<float>());
        Refused(DType.Float32, "float", () => Tensor.FromArray(new[] { 1e300 }).ToArray<float>());

        Assert.Equal((1L << 53) + 1, Tensor.Scalar((1L << 53) + 1).Item<long>());
        Assert.Equal(long.MaxValue, Tensor.Scalar(long.MaxValue).Item<long>());
        Assert.Equal(-1L << 63, Tensor.Scalar(-9223372036854775808.0).Item<long>());
        Assert.Equal(2, Tensor.Scalar(2.7).Item<int>());
        Assert.Equal(float.PositiveInfinity, Tensor.Scalar(double.PositiveInfinity).Item<float>());
        Assert.Equal(1.5f, Tensor.Scalar(1.5).Item<float>());
        Assert.True(Tensor.Scalar(double.NaN).Item<bool>());
        Assert.Equal([255, 3], Tensor.FromArray(new[] { 255L, 3 }).ToArray<byte>());
    }

    private static void Refused<T>(DType dtype, string type, Func<T> run) => Refused(dtype, type, () =>
    {
        run();
        return Tensor.Zeros(0);
    });
}
