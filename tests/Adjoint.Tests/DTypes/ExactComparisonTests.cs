using static Adjoint.Transform;

namespace Adjoint.Tests.DTypes;

/// <summary>
/// Whole numbers and truth values compare with a plain number, or a tensor without dimensions, as mathematics has it, whatever its dtype. The
/// reference compares a long with a double by its floor, without rounding either.
/// </summary>
public class ExactComparisonTests
{
    private const long Odd = (1L << 53) + 1;

    private static readonly long[] Wholes =
    [
        0, 1, 2, 44, 254, 255, 256, 300, -1, -2, int.MaxValue, int.MinValue, int.MaxValue + 1L, 4294967297, 1L << 53, Odd, -Odd, long.MaxValue,
        long.MaxValue - 1, long.MinValue,
    ];

    private static readonly double[] Reals =
    [
        0, -0.0, 0.5, -0.5, 1, 1.5, 254.5, 255, 255.5, 300, -1, 2147483646.5, 2147483647, 2147483647.5, -2147483648.5, 1L << 53, -9007199254740992.0,
        9223372036854775808.0, -9223372036854775808.0, 1e300, -1e300, 1e-300, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Run, Func<int?, bool> Holds)[] Comparisons =
    [
        ("<", (x, y) => x < y, sign => sign < 0),
        ("<=", (x, y) => x <= y, sign => sign <= 0),
        (">", (x, y) => x > y, sign => sign > 0),
        (">=", (x, y) => x >= y, sign => sign >= 0),
        ("==", (x, y) => x == y, sign => sign == 0),
        ("!=", (x, y) => x != y, sign => sign != 0),
    ];

    public static TheoryData<DType> Dtypes => [DType.Bool, DType.UInt8, DType.Int32, DType.Int64];

    private static (Tensor Elements, long[] Values) ElementsOf(DType dtype)
    {
        var all = Tensor.FromArray(Wholes);
        var values = dtype == DType.Bool ? [.. Wholes.Where(value => value is 0 or 1)]
            : dtype == DType.UInt8 ? [.. Wholes.Where(value => value is >= 0 and <= 255)]
            : dtype == DType.Int32 ? [.. Wholes.Where(value => value == (int)value)]
            : Wholes;
        return (Tensor.FromArray(values).To(dtype), values);
    }

    private static int? Sign(long x, double y)
    {
        if (double.IsNaN(y))
        {
            return null;
        }

        if (y >= 9223372036854775808.0 || y < -9223372036854775808.0)
        {
            return y > 0 ? -1 : 1;
        }

        var floor = (long)Math.Floor(y);
        return x != floor ? x.CompareTo(floor) : Math.Floor(y) == y ? 0 : -1;
    }

    private static void Check(DType dtype, Tensor number, Func<long, int?> sign)
    {
        var (elements, values) = ElementsOf(dtype);
        foreach (var (name, run, holds) in Comparisons)
        {
            foreach (var beside in elements.Rank > 0 ? new[] { number, number.To(number.DType) } : [number])
            {
                var right = run(elements, beside);
                Assert.Equal(DType.Bool, right.DType);
                var expected = values.Select(value => holds(sign(value)));
                Assert.True(expected.SequenceEqual(right.ToArray<bool>()), $"{dtype} {name} {beside}: {right}");

                // The number on the left: its sign beside the element's is the other one.
                var left = run(beside, elements);
                var turned = values.Select(value => holds(-sign(value)));
                Assert.True(turned.SequenceEqual(left.ToArray<bool>()), $"{beside} {name} {dtype}: {left}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void WithWholeNumbers(DType dtype)
    {
        foreach (var number in Wholes)
        {
            Check(dtype, number, value => value.CompareTo(number));
        }
    }

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void WithReals(DType dtype)
    {
        foreach (var number in Reals)
        {
            Check(dtype, number, value => Sign(value, number));
        }

        // 2^24 + 1 is no float.
        Check(dtype, 16777216f, value => value.CompareTo(16777216));
    }

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void WithTruthValues(DType dtype) => Check(dtype, true, value => value.CompareTo(1));

    /// <summary>Logic asks whether a number is zero, which 256 is not, although its last byte is.</summary>
    [Fact]
    public void LogicTakesNumbersForWhatTheyAre()
    {
        var bytes = Tensor.FromArray(new byte[] { 0, 3 });
        foreach (Tensor number in new Tensor[] { 256, 0.5, double.NaN, -1, 1L << 32 })
        {
            Assert.Equal([false, true], bytes.LogicalAnd(number).ToArray<bool>());
            Assert.Equal([true, true], bytes.LogicalOr(number).ToArray<bool>());
            Assert.Equal([true, false], number.LogicalXor(bytes).ToArray<bool>());
        }

        Assert.Equal([false, false], bytes.LogicalAnd(0.0).ToArray<bool>());
    }

    /// <summary>Reals round the number to their own dtype, as in PyTorch: 0.1f == 0.1.</summary>
    [Fact]
    public void RealsCompareInTheirDtype()
    {
        Assert.True((Tensor.FromArray(new[] { 0.1f }) == 0.1).Item<bool>());
        Assert.False((Tensor.FromArray(new[] { 0.1 }) == 0.1f).Item<bool>());
        Assert.False((Tensor.FromArray(new[] { float.NaN }) == double.NaN).Item<bool>());
        Assert.True((Tensor.FromArray(new[] { float.NaN }) != double.NaN).Item<bool>());
    }

    /// <summary>The samples by which the wrapping was found.</summary>
    [Fact]
    public void TheKnownSamples()
    {
        var bytes = Tensor.FromArray(new byte[] { 255, 0, 44 });
        Assert.Equal([true, true, true], (bytes < 300).ToArray<bool>());
        Assert.Equal([true, true, true], (bytes > -1).ToArray<bool>());
        Assert.Equal([false, false, false], (bytes == 300).ToArray<bool>());
        Assert.False((Tensor.FromArray(new[] { 1 }) == 4294967297L).Item<bool>());
        Assert.False((Tensor.FromArray(new[] { Odd }) == 9007199254740992.0).Item<bool>());
        Assert.True((Tensor.FromArray(new[] { Odd }) > 9007199254740992.0).Item<bool>());
    }

    [Fact]
    public void InsideOfTransforms()
    {
        var bytes = Tensor.FromArray(new byte[,] { { 255, 0 }, { 44, 7 } });
        Assert.Equal([true, true, true, true], Vmap<Tensor, Tensor>(x => x < 300)(bytes).ToArray<bool>());
        Assert.Equal([false, false, false, false], Vmap<Tensor, Tensor>(x => -1 >= x)(bytes).ToArray<bool>());
        Assert.Equal([true, false, true, true], Vmap<Tensor, Tensor>(x => x > 0.5)(bytes).ToArray<bool>());
        Assert.Equal([false, true, true, true], Vmap<Tensor, Tensor>(x => x <= 254.5)(bytes).ToArray<bool>());
        Assert.Equal([true, true, true, true], Trace<Tensor, Tensor>(x => x < 300, bytes).Call(bytes).ToArray<bool>());

        // The mask says where x itself passes: d/dx of the sum of x where 255 < 300 is 1.
        var mask = Tensor.FromArray(new byte[] { 255, 0 });
        Assert.Equal([1, 1], Grad<Tensor>(x => Tensor.Where(mask < 300, x, 0).Sum())([1.0, 2.0]).ToArray<double>());
    }
}
