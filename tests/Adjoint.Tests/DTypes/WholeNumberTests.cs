using static Adjoint.Transform;

namespace Adjoint.Tests.DTypes;

/// <summary>Whole numbers stay exact to the ends of int64, and narrow ones sum as int64 does; references are C#'s own arithmetic.</summary>
public class WholeNumberTests
{
    private const long Odd = (1L << 53) + 1;

    private static void Says<E>(string message, Func<Tensor> run)
        where E : Exception => Assert.StartsWith(message, Assert.Throws<E>(run).Message, StringComparison.Ordinal);

    [Fact]
    public void LimitsAreExact()
    {
        var x = Tensor.FromArray(new[] { Odd + 2, Odd, Odd - 1, long.MaxValue, long.MinValue });
        Assert.Equal([Odd, Odd, Odd - 1, Odd, long.MinValue], x.Clamp(max: Odd).ToArray<long>());
        Assert.Equal([Odd + 2, Odd, Odd, long.MaxValue, Odd], x.Clamp(min: Odd).ToArray<long>());
        Assert.Equal([Odd, Odd, Odd, Odd, Odd], x.Clamp(Odd, Odd).ToArray<long>());
        Assert.Equal(long.MaxValue - 1, Tensor.Scalar(long.MaxValue).Clamp(max: long.MaxValue - 1).Item<long>());
        Assert.Equal(long.MinValue + 1, Tensor.Scalar(long.MinValue).Clamp(min: long.MinValue + 1).Item<long>());
        Assert.Equal([Odd, Odd, Odd - 1, Odd, long.MinValue], Vmap<Tensor, Tensor>(a => a.Clamp(max: Odd))(x).ToArray<long>());

        // A real limit makes reals of whole numbers, and where the range is empty the upper limit wins, as in PyTorch.
        Assert.Equal(DType.Float32, x.Clamp(max: 0.5).DType);
        Assert.Equal([2L], Tensor.FromArray(new[] { 5L }).Clamp(3, 2).ToArray<long>());
        Assert.Equal(DType.Int64, Tensor.FromArray(new[] { true }).Clamp(max: 3).DType);
        Says<DTypeException>("\"clamp_scalar_cpu\" not implemented for 'Bool'", () => Tensor.FromArray(new[] { true }).Clamp(max: true));
    }

    [Fact]
    public void RangesReachTheEnds()
    {
        Assert.Equal([Odd, Odd + 1, Odd + 2], Tensor.Arange(Odd, Odd + 3).ToArray<long>());
        Assert.Equal([long.MaxValue - 2, long.MaxValue - 1], Tensor.Arange(long.MaxValue - 2, long.MaxValue).ToArray<long>());
        Assert.Equal([long.MinValue, long.MinValue + 1], Tensor.Arange(long.MinValue, long.MinValue + 2).ToArray<long>());
        Assert.Equal([long.MinValue, -1, long.MaxValue - 1], Tensor.Arange(long.MinValue, long.MaxValue, long.MaxValue).ToArray<long>());
        Assert.Equal([long.MaxValue, -1], Tensor.Arange(long.MaxValue, long.MinValue, long.MinValue).ToArray<long>());
        Assert.Equal([Odd + 1, Odd], Tensor.Arange(Odd + 1, Odd - 1, -1).ToArray<long>());
        Assert.Equal([0, 3, 6], Tensor.Arange(0, 7, 3).ToArray<long>());
        Assert.Equal([0, 3], Tensor.Arange(0, 6, 3).ToArray<long>());
        Assert.Equal(0, Tensor.Arange(5, 5).Count);
        Assert.Equal([2, 1], Tensor.Arange(2.9, 0.2, -1.5, DType.Int64).ToArray<long>());
        Says<ShapeException>("invalid size, possible overflow?", () => Tensor.Arange(long.MinValue, long.MaxValue));
        Says<ShapeException>("invalid size, possible overflow?", () => Tensor.Arange(0, 1e300));
        Says<DTypeException>("value cannot be converted to type int64_t without overflow", () => Tensor.Arange(0.0, 1e300, dtype: DType.Int64));
        Says<TensorException>("upper bound and lower bound inconsistent with step sign", () => Tensor.Arange(Odd + 1, Odd));
        Says<TensorException>("step must be nonzero", () => Tensor.Arange(0, 3, 0));
    }

    [Fact]
    public void PowersAreExactAndWrapAround()
    {
        Assert.Equal([1, 3, 9, 27, 81, 243, 217], Tensor.FromArray(new byte[] { 3 }).Pow(Tensor.Arange(7).To(DType.UInt8)).ToArray<byte>());
        Assert.Equal([1L << 62, long.MinValue, 0], Tensor.FromArray(new[] { 2L }).Pow(Tensor.FromArray(new[] { 62L, 63, 64 })).ToArray<long>());
        Assert.Equal([4052555153018976267, -4052555153018976267], Tensor.FromArray(new[] { 3L, -3 }).Pow(39).ToArray<long>());
        Assert.Equal([0, 1, -1, 0], Tensor.FromArray(new[] { 5, 1, -1, 0 }).Pow(Tensor.FromArray(new[] { -1, -4, -3, -1 })).ToArray<int>());
        Assert.Equal(1, Tensor.FromArray(new[] { -1 }).Pow(Tensor.FromArray(new[] { int.MinValue })).Item<int>());
        Assert.Equal([], Tensor.Scalar(3).Pow(2).Shape);
        Assert.Equal([2, 2], Tensor.FromArray(new[] { 2, 3 }).Reshape(2, 1).Pow(Tensor.FromArray(new[] { 2, 3 })).Shape);
        Assert.Equal([8, 27], Vmap<Tensor, Tensor>(x => x.Pow(3))(Tensor.FromArray(new[] { 2L, 3 })).ToArray<long>());
        Says<TensorException>("Integers to negative integer powers are not allowed.", () => Tensor.Scalar(3).Pow(-1));
    }

    public static TheoryData<DType> Narrow => [DType.Bool, DType.UInt8, DType.Int32];

    [Theory]
    [MemberData(nameof(Narrow))]
    public void NarrowSumsAreThoseOfInt64(DType dtype)
    {
        var random = new Random(3);
        foreach (var sizes in new int[][] { [1], [7], [131], [3, 70_001], [70_001, 3], [5, 300, 7], [0], [4, 0], [0, 4] })
        {
            var values = new long[sizes.Aggregate(1, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = dtype == DType.Bool ? random.Next(2) : dtype == DType.UInt8 ? random.Next(256) : random.Next(int.MinValue, int.MaxValue);
            }

            var wide = Tensor.FromArray(values).Reshape(sizes);
            var x = wide.To(dtype);
            Same(wide.Sum(), x.Sum());
            Same(wide.Sum(0), x.Sum(0));
            Same(wide.Sum(-1, keepDim: true), x.Sum(-1, keepDim: true));
            Same(wide.T.Sum(0), x.T.Sum(0));
            Same(wide.Sum(DType.Float64), x.Sum(DType.Float64));
            Same(wide.Sum(DType.Int32), x.Sum(DType.Int32));
            Same(wide.Sum(DType.UInt8), x.Sum(DType.UInt8));
            Same(wide.To(DType.Bool).Sum(DType.Bool), x.Sum(DType.Bool));
            Same(wide.Mean(DType.Float64), x.Mean(DType.Float64), 1e-15);
            Same(wide.Mean([0], dtype: DType.Float64), x.Mean([0], dtype: DType.Float64), 1e-15);
            if (sizes.Length > 1)
            {
                Same(wide[.., ..^1].Sum(1), x[.., ..^1].Sum(1));
                Same(wide[.., ..^1].Sum(0), x[.., ..^1].Sum(0));
                Same(Vmap<Tensor, Tensor>(row => row.Sum())(wide), Vmap<Tensor, Tensor>(row => row.Sum())(x));
            }
        }

        static void Same(Tensor expected, Tensor actual, double relative = 0)
        {
            Assert.Equal(expected.DType, actual.DType);
            Assert.Equal(expected.Shape, actual.Shape);
            foreach (var (a, b) in expected.ToArray<double>().Zip(actual.ToArray<double>()))
            {
                Assert.True(a.Equals(b) || Math.Abs(a - b) <= relative * Math.Abs(a), $"{b} instead of {a}");
            }
        }
    }

    [Fact]
    public void SumsOfTruthValuesInBoolAreOr() => Assert.True(Tensor.FromArray(new[] { 1, -1 }).Sum(DType.Bool).Item<bool>());

    [Theory]
    [InlineData(nameof(DType.Bool))]
    [InlineData(nameof(DType.UInt8))]
    [InlineData(nameof(DType.Int32))]
    [InlineData(nameof(DType.Int64))]
    [InlineData(nameof(DType.Float32))]
    [InlineData(nameof(DType.Float64))]
    public void AllAndAnyReadEveryElement(string dtypeName)
    {
        var dtype = DType.Parse(dtypeName);
        var answer = dtype == DType.UInt8 ? DType.UInt8 : DType.Bool;
        foreach (var sizes in new int[][] { [1], [5], [130], [3, 70_001], [70_001, 3], [4, 33, 5] })
        {
            var count = sizes.Aggregate(1, (a, b) => a * b);
            foreach (var place in new[] { 0, count / 2, count - 1 })
            {
                var ones = Tensor.Ones([count], dtype);
                ones[place] = 0;
                var x = ones.Reshape(sizes);
                Assert.Equal(answer, x.All().DType);
                Assert.Equal(answer, x.Any(0).DType);
                Assert.False(x.All().Item<bool>());
                Assert.True((1 - ones.To(DType.Int64)).To(dtype).Reshape(sizes).Any().Item<bool>());
                for (var d = 0; d < sizes.Length; d++)
                {
                    Assert.Equal(count / sizes[d] - 1, x.All(d).Sum().Item<long>());
                    Assert.Equal(1, (1 - ones.To(DType.Int64)).To(dtype).Reshape(sizes).Any(d, keepDim: true).Sum().Item<long>());
                }
            }

            Assert.True(Tensor.Ones(sizes, dtype).All().Item<bool>());
            Assert.False(Tensor.Zeros(sizes, dtype).Any().Item<bool>());
        }

        Assert.True(Tensor.Zeros([0, 3], dtype).All().Item<bool>());
        Assert.False(Tensor.Zeros([0, 3], dtype).Any().Item<bool>());
        Assert.Equal([true, true, true], Tensor.Zeros([0, 3], dtype).All(0).ToArray<bool>());
    }

    /// <summary>NaN and infinities are not zero, -0 is; 256 is not, although its last byte is.</summary>
    [Fact]
    public void WhatIsNotZeroIsTrue()
    {
        Assert.True(Tensor.FromArray(new[] { double.NaN, 1, double.NegativeInfinity }).All().Item<bool>());
        Assert.True(Tensor.FromArray(new[] { 0, float.NaN }).Any().Item<bool>());
        Assert.False(Tensor.FromArray(new[] { 0, -0.0 }).Any().Item<bool>());
        Assert.False(Tensor.FromArray(new[] { 1, -0f }).All().Item<bool>());
        Assert.True(Tensor.FromArray(new[] { 256, 256L << 24, -1 }).All().Item<bool>());
        Assert.True(Tensor.Scalar(0.25).All().Item<bool>());
        Assert.Equal([true, false], Vmap<Tensor, Tensor>(x => x.All())(Tensor.FromArray(new[,] { { 1.0, 2 }, { 0, 3 } })).ToArray<bool>());
        Assert.False(Tensor.Ones(2).RequiresGrad_().All().RequiresGrad);
    }

    [Fact]
    public void MaskedFillKeepsTheDtype()
    {
        var mask = Tensor.FromArray(new[] { true, false });
        var x = Tensor.FromArray(new[] { Odd, Odd });
        var filled = x.MaskedFill(mask, 0.5);
        Assert.Equal(DType.Int64, filled.DType);
        Assert.Equal([0, Odd], filled.ToArray<long>());
        Assert.Equal(DType.Bool, Tensor.FromArray(new[] { false }).MaskedFill(mask, 2).DType);
        Assert.Equal(DType.Float32, Tensor.Scalar(1f).MaskedFill(mask, Tensor.Scalar(2.0)).DType);
        Assert.Equal(DType.UInt8, Tensor.Scalar((byte)1).MaskedFill(mask, Tensor.Scalar(2.5)).DType);
        Assert.StartsWith(
            "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with 1 dimension(s)",
            Assert.Throws<ShapeException>(() => x.MaskedFill(mask, Tensor.Ones(1))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>d/dx is 0 under the mask and 1 elsewhere; d/dvalue counts the places, in the value's own dtype.</summary>
    [Fact]
    public void GradientsOfMaskedFill()
    {
        var mask = Tensor.FromArray(new[] { true, false, true });
        var x = Tensor.FromArray(new[] { 1f, 2, 3 }).RequiresGrad_();
        var value = Tensor.Scalar(5.0).RequiresGrad_();
        var y = x.MaskedFill(mask, value);
        Assert.Equal(DType.Float32, y.DType);
        (y * Tensor.FromArray(new[] { 1f, 10, 100 })).Sum().Backward();
        Assert.Equal([0, 10, 0], x.Grad!.ToArray<float>());
        Assert.Equal(DType.Float64, value.Grad!.DType);
        Assert.Equal(101, value.Grad.Item());

        Func<Tensor, Tensor> f = q => x.Detach().MaskedFill(mask, q).Square().Sum();
        Assert.Equal(4 * 5, Grad(f)(Tensor.Scalar(5f)).Item());
        Assert.Equal([20, 24], Vmap(Grad(f))(Tensor.FromArray(new[] { 5f, 6 })).ToArray<float>());
        Assert.Equal(4, Hessian(f)(Tensor.Scalar(5f)).Item());
    }
}
