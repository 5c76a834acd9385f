using System.Numerics;
using Adjoint.Algebra;
using CsCheck;

namespace Adjoint.Tests.Algebra;

/// <summary>Whole numbers that wrap around as C#'s unchecked arithmetic does, and truth values as PyTorch's bool tensors have them.</summary>
public class RingTests
{
    [Fact]
    public void LongsWrapAround() => Gen.Select(Gen.Long, Gen.Long).Sample(
        (a, b) =>
        {
            Same(unchecked(a + b), new Whole<long>(a) + new Whole<long>(b));
            Same(unchecked(a - b), new Whole<long>(a) - new Whole<long>(b));
            Same(unchecked(a * b), new Whole<long>(a) * new Whole<long>(b));
            Same(unchecked(-a), -new Whole<long>(a));
            Ordered(a, b);
        },
        threads: 1);

    [Fact]
    public void IntsWrapAround() => Gen.Select(Gen.Int, Gen.Int).Sample(
        (a, b) =>
        {
            Same(unchecked(a + b), new Whole<int>(a) + new Whole<int>(b));
            Same(unchecked(a - b), new Whole<int>(a) - new Whole<int>(b));
            Same(unchecked(a * b), new Whole<int>(a) * new Whole<int>(b));
            Same(unchecked(-a), -new Whole<int>(a));
            Ordered(a, b);
        },
        threads: 1);

    [Fact]
    public void BytesWrapAround() => Gen.Select(Gen.Byte, Gen.Byte).Sample(
        (a, b) =>
        {
            Same(unchecked((byte)(a + b)), new Whole<byte>(a) + new Whole<byte>(b));
            Same(unchecked((byte)(a - b)), new Whole<byte>(a) - new Whole<byte>(b));
            Same(unchecked((byte)(a * b)), new Whole<byte>(a) * new Whole<byte>(b));
            Same(unchecked((byte)-a), -new Whole<byte>(a));
            Ordered(a, b);
        },
        threads: 1);

    [Theory]
    [InlineData(int.MinValue, int.MinValue, -1)]
    [InlineData(-3, 3, -1)]
    [InlineData(0, 0, 0)]
    [InlineData(7, 7, 1)]
    public void MagnitudeAndSign(int x, int magnitude, int sign)
    {
        Same(magnitude, Abs(new Whole<int>(x)));
        Same(sign, Sign(new Whole<int>(x)));
    }

    /// <summary>
    /// C's conversion drops the fraction; a small negative number wraps around where there are none, as a factor of bytes must; what is too large
    /// becomes the nearest number of the type.
    /// </summary>
    [Theory]
    [InlineData(2.9, 2, 2)]
    [InlineData(-2.9, -2, 254)]
    [InlineData(-1000, -1000, 0)]
    [InlineData(1e300, int.MaxValue, 255)]
    [InlineData(double.NegativeInfinity, int.MinValue, 0)]
    public void ConstantsAreTruncated(double value, int asInt, byte asByte)
    {
        Same(asInt, Of<Whole<int>>(value));
        Same(asByte, Of<Whole<byte>>(value));
    }

    [Theory]
    [InlineData(false, false, false, false, false)]
    [InlineData(false, true, true, false, true)]
    [InlineData(true, false, true, false, true)]
    [InlineData(true, true, true, true, false)]
    public void TruthValuesAddAsOrAndMultiplyAsAnd(bool a, bool b, bool sum, bool product, bool difference)
    {
        var (x, y) = (new Bit(a), new Bit(b));
        Assert.Equal(sum, (x + y).Value);
        Assert.Equal(product, (x * y).Value);
        Assert.Equal(difference, (x - y).Value);
        Assert.Equal(sum, Max(x, y).Value);
        Assert.Equal(product, Min(x, y).Value);
        Assert.Equal(!a && b, Less(x, y).Value);
        Assert.Equal(a == b, Equal(x, y).Value);
        Assert.Equal(a, (-x).Value);
        Assert.Equal(a, Abs(x).Value);
        Assert.Equal(a, Sign(x).Value);
        Assert.Equal(a ? b : !b, Select(x, y, Not(y)).Value);
    }

    [Fact]
    public void ATruthValueOfANumberIsWhetherItIsNotZero()
    {
        Assert.False(Of<Bit>(0).Value);
        Assert.False(Of<Bit>(-0.0).Value);
        Assert.True(Of<Bit>(0.5).Value);
        Assert.True(Of<Bit>(double.NaN).Value);
    }

    private static void Same<T>(T expected, Whole<T> actual)
        where T : unmanaged, IBinaryInteger<T> => Assert.Equal(expected, actual.Value);

    private static void Ordered<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        var (x, y) = (new Whole<T>(a), new Whole<T>(b));
        Same(a > b ? a : b, Max(x, y));
        Same(a < b ? a : b, Min(x, y));
        Same(a < b ? T.One : T.Zero, Less(x, y));
        Same(a == b ? T.One : T.Zero, Equal(x, y));
        Same(a < b ? a : b, Select(Less(x, y), x, y));
        Same(T.One, Not(Less(x, x)));
    }

    private static V Of<V>(double value)
        where V : struct, IRing<V> => V.Of(value);

    private static V Abs<V>(V x)
        where V : struct, IRing<V> => V.Abs(x);

    private static V Sign<V>(V x)
        where V : struct, IRing<V> => V.Sign(x);

    private static V Max<V>(V x, V y)
        where V : struct, IRing<V> => V.Max(x, y);

    private static V Min<V>(V x, V y)
        where V : struct, IRing<V> => V.Min(x, y);

    private static V Less<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(x, y);

    private static V Equal<V>(V x, V y)
        where V : struct, IRing<V> => V.Equal(x, y);

    private static V Not<V>(V x)
        where V : struct, IRing<V> => V.Not(x);

    private static V Select<V>(V mask, V then, V otherwise)
        where V : struct, IRing<V> => V.Select(mask, then, otherwise);
}
