namespace Adjoint.Tests.DTypes;

/// <summary>
/// int8, int16, uint16, uint32 and uint64: made, read, printed, converted, computed and promoted. Wrapped numbers are those of C#'s own unchecked
/// arithmetic; promotion and refusals are PyTorch's.
/// </summary>
public class SmallIntegerTests
{
    public static TheoryData<string> Computed => ["int8", "int16", "uint16", "uint32"];

    [Fact]
    public void MakingAndReading()
    {
        Assert.Same(DType.Int8, Tensor.FromArray(new sbyte[] { -128, 127 }).DType);
        Assert.Same(DType.Int16, DType.Of<short>());
        Assert.Same(DType.UInt16, DType.Of<ushort>());
        Assert.Same(DType.UInt32, DType.Of<uint>());
        Assert.Same(DType.UInt64, DType.Parse("torch.uint64"));
        Assert.Equal([-128, 127], Tensor.FromArray(new sbyte[] { -128, 127 }).ToArray<sbyte>());
        Assert.Equal([ulong.MaxValue], Tensor.FromArray([ulong.MaxValue]).ToArray<ulong>());
        Assert.Equal([0u, 1, 2], Tensor.Arange(3, dtype: DType.UInt32).ToArray<uint>());
        Assert.Equal((short)-7, Tensor.Full([], -7, DType.Int16).Item<short>());
        Assert.Equal([1UL, 0], Tensor.Eye(1, 2, DType.UInt64).ToArray<ulong>());
        Assert.All(Tensor.Randint(-3, 4, [100], DType.Int8).ToArray<int>(), value => Assert.InRange(value, -3, 3));
        Assert.Throws<DTypeException>(() => Tensor.Full([], 128, DType.Int8));
        Assert.Throws<DTypeException>(() => Tensor.Full([], 70000, DType.UInt16));
        Assert.Throws<DTypeException>(() => Tensor.FromArray([ulong.MaxValue]).ToArray<long>());
        Assert.Throws<DTypeException>(() => Tensor.FromArray([ulong.MaxValue]).Item<int>());
        Assert.Equal(1UL << 63, Tensor.Full([], 9223372036854775808.0, DType.UInt64).Item<ulong>());
    }

    [Fact]
    public void Printing()
    {
        Assert.Equal("tensor([-128,  127], dtype=torch.int8)", Tensor.FromArray(new sbyte[] { -128, 127 }).ToString());
        Assert.Equal("tensor([18446744073709551615], dtype=torch.uint64)", Tensor.FromArray([ulong.MaxValue]).ToString());
        Assert.Equal("tensor([], dtype=torch.int16)", Tensor.Zeros([0], DType.Int16).ToString());
    }

    /// <summary>All pairs, by C#'s own conversions.</summary>
    [Fact]
    public void Conversions()
    {
        long[] numbers = [0, 1, 100, 200, -1, -100, 40000, 70000, 3000000000, -3000000000, 1L << 40];
        var wide = Tensor.FromArray(numbers);
        long Wrapped(DType dtype, long value) => dtype.TorchName switch
        {
            "torch.bool" => value != 0 ? 1 : 0,
            "torch.uint8" => (byte)value,
            "torch.int8" => (sbyte)value,
            "torch.int16" => (short)value,
            "torch.int32" => (int)value,
            "torch.uint16" => (ushort)value,
            "torch.uint32" => (uint)value,
            _ => value,
        };
        foreach (var from in DType.All.Where(dtype => !dtype.IsFloatingPoint))
        {
            var x = wide.To(from);
            foreach (var to in DType.All)
            {
                var y = x.To(to);
                Assert.Same(to, y.DType);
                for (var i = 0; i < numbers.Length; i++)
                {
                    var stored = Wrapped(from, numbers[i]);
                    if (!to.IsFloatingPoint)
                    {
                        Assert.Equal(Wrapped(to, stored), y[i].To(DType.Int64).Item<long>());
                        continue;
                    }

                    var real = from == DType.UInt64 ? (double)(ulong)stored : stored;
                    var expected = to == DType.Float64 ? real : to == DType.Float32 ? (float)real
                        : to == DType.Float16 ? (double)(Half)(float)real : (double)(BFloat16)(float)real;
                    Assert.Equal(expected, y[i].Item());
                    if (to == DType.Float64 && from != DType.UInt64)
                    {
                        Assert.Equal(x[i].To(DType.Int64).Item<long>(), y[i].To(from).To(DType.Int64).Item<long>());
                    }
                }
            }
        }

        Assert.Equal(ulong.MaxValue - 2047, Tensor.Scalar(18446744073709549568.0).To(DType.UInt64).Item<ulong>());
        Assert.Equal([-2, 3], Tensor.FromArray(new[] { -2.7f, 3.9f }).To(DType.Int8).ToArray<int>());
    }

    [Theory]
    [MemberData(nameof(Computed))]
    public void Arithmetic(string name)
    {
        var dtype = DType.Parse(name);
        long[] left = [100, 7, 0, 50000, 4000000000, -1], right = [100, 3, 5, 40000, 4000000000, 2];
        var (x, y) = (Tensor.FromArray(left).To(dtype), Tensor.FromArray(right).To(dtype));
        var (a, b) = (x.To(DType.Int64), y.To(DType.Int64));
        void Same(Tensor expected, Tensor actual)
        {
            Assert.Same(dtype, actual.DType);
            Assert.Equal(expected.To(dtype).ToArray<long>(), actual.ToArray<long>());
        }

        Same(a + b, x + y);
        Same(a - b, x - y);
        Same(a * b, x * y);
        Same(-a, -x);
        Same(a.Abs(), x.Abs());
        Same(a & b, x & y);
        Same(a ^ b, x ^ y);
        Same(~a, ~x);
        Same(a.Maximum(b), x.Maximum(y));
        Same(a.Clamp(1, 90), x.Clamp(1, 90));
        Same(a + 1, x + 1);
        Same(a.Amax(), x.Amax());
        Same(a.Sort().Values, x.Sort().Values);
        Same(Tensor.Where(a > b, a, b), Tensor.Where(x > y, x, y));
        Same(a.Pow(2), x.Pow(2));
        Same(a.Reshape(2, 3).MatMul(b.Reshape(3, 2)), x.Reshape(2, 3).MatMul(y.Reshape(3, 2)));
        Same(a[Tensor.FromArray(new long[] { 1, 0 })], x[Tensor.FromArray(new long[] { 1, 0 })]);
        var at = Tensor.FromArray(new long[] { 0, 0, 1, 1, 2, 2 });
        Same(a.ScatterAdd(0, at, b), x.ScatterAdd(0, at, y));
        Same(a.ScatterReduce(0, at, b, ScatterReduction.Mean), x.ScatterReduce(0, at, y, ScatterReduction.Mean));
        Same(a.IndexPut([at], b, accumulate: true), x.IndexPut([at], y, accumulate: true));
        Assert.Equal((a > b).ToArray<bool>(), (x > y).ToArray<bool>());
        Assert.Equal((a == b).ToArray<bool>(), (x == y).ToArray<bool>());
        Assert.Equal(a.Argmax().Item<long>(), x.Argmax().Item<long>());
        Assert.Equal((a.Sum().Item<long>(), DType.Int64), (x.Sum().Item<long>(), x.Sum().DType));
        Assert.Equal(a.CumSum(0).ToArray<long>(), x.CumSum(0).ToArray<long>());
        Assert.Equal(a.Exp().ToArray<double>(), x.Exp().ToArray<double>());
        Assert.Same(DType.Float32, x.Exp().DType);
        Assert.Equal((a / b).ToArray<double>(), (x / y).ToArray<double>());
        Assert.True(x.Any().Item<bool>());
        var changed = x.Clone();
        Same(a + b, changed.Add_(y));
        Same(a.T.Clone(), x.T.Clone());
        var refused = Assert.Throws<DTypeException>(() => x.Softmax(0));
        Assert.Contains($"'{dtype.ScalarName}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promotion()
    {
        Assert.Same(DType.Int16, DType.Promote(DType.Int8, DType.UInt8));
        Assert.Same(DType.Int16, DType.Promote(DType.UInt8, DType.Int16));
        Assert.Same(DType.Int8, DType.Promote(DType.Bool, DType.Int8));
        Assert.Same(DType.Float16, DType.Promote(DType.Float16, DType.UInt64));
        Assert.Same(DType.UInt32, DType.Promote(DType.UInt32, DType.UInt32));
        Assert.StartsWith(
            "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote UInt16 and Int.",
            Assert.Throws<DTypeException>(() => DType.Promote(DType.UInt16, DType.Int32)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>uint64 is moved and nothing more.</summary>
    [Fact]
    public void UInt64Moves()
    {
        var x = Tensor.FromArray(new ulong[] { 1, ulong.MaxValue, 3, 4 }, 2, 2);
        Assert.Equal([1UL, 3, ulong.MaxValue, 4], x.T.Clone().ToArray<ulong>());
        Assert.Equal([true, false, false, true], x.Eq(x.T).ToArray<bool>());
        Assert.Equal([false, true, true, false], x.Ne(x.T).ToArray<bool>());
        Assert.Equal([ulong.MaxValue, 4], x.IndexSelect(1, Tensor.FromArray(new long[] { 1 })).ToArray<ulong>());
        Assert.Equal([1UL, ulong.MaxValue, 3, 4, 1, ulong.MaxValue, 3, 4], Tensor.Cat([x, x]).ToArray<ulong>());
        Assert.Equal([7UL, ulong.MaxValue, 3, 4], x.IndexPut([Tensor.Scalar(0L), Tensor.Scalar(0L)], 7).ToArray<ulong>());
        foreach (var compute in new Func<Tensor, object>[]
        {
            y => y + y, y => y.Lt(x), y => y.Sum(), y => y.Amax(), y => y.Sort(), y => -y, y => y.Argmax(), y => y.MatMul(y), y => y > 3,
        })
        {
            Assert.Throws<DTypeException>(() => compute(x));
        }
    }
}
