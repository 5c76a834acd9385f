using static Adjoint.Transform;

namespace Adjoint.Tests.DTypes;

/// <summary>
/// The symbols <c>&amp; | ^ ~</c> work on the bits of whole numbers and on truth values, as PyTorch's bitwise operators do. C#'s own operators are
/// the reference.
/// </summary>
public class BitwiseTests
{
    private static readonly int[] Left = [7, -5, 0, int.MaxValue, int.MinValue, 12];
    private static readonly int[] Right = [-5, 3, -1, 1, -1, 10];

    [Fact]
    public void OfWholeNumbers()
    {
        var (x, y) = (Tensor.FromArray(Left), Tensor.FromArray(Right));
        Assert.Equal(Left.Zip(Right, (a, b) => a & b), (x & y).ToArray<int>());
        Assert.Equal(Left.Zip(Right, (a, b) => a | b), (x | y).ToArray<int>());
        Assert.Equal(Left.Zip(Right, (a, b) => a ^ b), (x ^ y).ToArray<int>());
        Assert.Equal(Left.Select(a => ~a), (~x).ToArray<int>());
        Assert.Equal(DType.Int32, (x | y).DType);
        Assert.Equal(-1, (Tensor.Scalar(7) | -5).Item<int>());
        Assert.Equal([0, 255, 85], (~Tensor.FromArray(new byte[] { 255, 0, 170 })).ToArray<byte>());
        Assert.Equal([~((1L << 53) + 1)], (~Tensor.FromArray(new[] { (1L << 53) + 1 })).ToArray<long>());
    }

    [Fact]
    public void OfTruthValues()
    {
        var (x, y) = (Tensor.FromArray(new[] { false, false, true, true }), Tensor.FromArray(new[] { false, true, false, true }));
        Assert.Equal([false, false, false, true], (x & y).ToArray<bool>());
        Assert.Equal([false, true, true, true], (x | y).ToArray<bool>());
        Assert.Equal([false, true, true, false], (x ^ y).ToArray<bool>());
        Assert.Equal([true, true, false, false], (~x).ToArray<bool>());
        Assert.Equal(DType.Bool, (x & y).DType);
        Assert.Equal([true, true, false, false], (x ^ true).ToArray<bool>());
    }

    [Fact]
    public void TheyPromoteAndBroadcast()
    {
        var bytes = Tensor.FromArray(new byte[] { 6, 1 });
        Assert.Equal(DType.Int64, (bytes & Tensor.FromArray(new[] { 1L, 1 })).DType);
        Assert.Equal(DType.UInt8, (bytes | true).DType);
        Assert.Equal([4, 0], (bytes & 260).ToArray<byte>());
        Assert.Equal([249, 254], (bytes ^ -1).ToArray<byte>());
        Assert.Equal(DType.Int64, (Tensor.FromArray(new[] { true }) & 3).DType);
        Assert.Equal([2, 2], (bytes.Reshape(2, 1) | Tensor.FromArray(new byte[] { 8, 9 })).Shape);
    }

    [Fact]
    public void InPlace()
    {
        var x = Tensor.FromArray(Left);
        var alias = x;
        x &= Tensor.FromArray(Right);
        Assert.Same(alias, x);
        Assert.Equal(Left.Zip(Right, (a, b) => a & b), alias.ToArray<int>());
        Assert.Equal(1, x.Version);
        x = Tensor.FromArray(Left);
        x |= Tensor.FromArray(Right);
        Assert.Equal(Left.Zip(Right, (a, b) => a | b), x.ToArray<int>());
        x = Tensor.FromArray(Left);
        x ^= Tensor.FromArray(Right).To(DType.Int64);
        Assert.Equal(Left.Zip(Right, (a, b) => a ^ b), x.ToArray<int>());
        Assert.Equal(Left.Zip(Right, (a, b) => ~(a ^ b)), x.BitwiseNot_().ToArray<int>());
        Assert.Equal([true, false], Tensor.FromArray(new[] { false, true }).BitwiseNot_().ToArray<bool>());

        // A part of itself is read before it is written.
        var shifted = Tensor.FromArray(new[] { 1, 2, 4, 8 });
        shifted[1..].BitwiseOr_(shifted[..3]);
        Assert.Equal([1, 3, 6, 12], shifted.ToArray<int>());
        Assert.StartsWith(
            "result type Long can't be cast to the desired output type Bool",
            Assert.Throws<DTypeException>(() => Tensor.FromArray(new[] { true }).BitwiseAnd_(2)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "output with shape [1] doesn't match the broadcast shape [6]",
            Assert.Throws<ShapeException>(() => Tensor.FromArray(new[] { 1 }).BitwiseAnd_(Tensor.FromArray(Left))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RealsAreRefused()
    {
        var (real, whole) = (Tensor.Ones(2), Tensor.Ones([2], DType.Int32));
        Says("\"bitwise_and_cpu\" not implemented for 'Float'", () => real & real);
        Says("\"bitwise_or_cpu\" not implemented for 'Double'", () => whole | Tensor.Ones([2], DType.Float64));
        Says("\"bitwise_xor_cpu\" not implemented for 'Float'", () => whole ^ 0.5);
        Says("\"bitwise_not_cpu\" not implemented for 'Float'", () => ~real);
        Says("\"bitwise_and_cpu\" not implemented for 'Float'", () => whole.BitwiseAnd_(0.5));
        Says("\"bitwise_not_cpu\" not implemented for 'Double'", () => Tensor.Ones([2], DType.Float64).BitwiseNot_());

        static void Says(string message, Func<Tensor> run) =>
            Assert.StartsWith(message, Assert.Throws<DTypeException>(run).Message, StringComparison.Ordinal);
    }

    /// <summary>C# makes <c>&amp;&amp;</c> and <c>||</c> of <c>&amp;</c>, <c>|</c> and the truth of a tensor of one element.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, -2)]
    [InlineData(-1, 2)]
    [InlineData(-1, -2)]
    public void ShortCircuitsWork(int a, int b)
    {
        Tensor x = Tensor.Scalar(a), y = Tensor.Scalar(b);
        Assert.Equal(a > 0 && b > 0, (x > 0 && y > 0) ? true : false);
        Assert.Equal(a > 0 || b > 0, (x > 0 || y > 0) ? true : false);
        Assert.Equal(a <= 0, !(x > 0) ? true : false);
        Assert.Equal(a <= 0, ~(x > 0) ? true : false);

        // What the left side decides is not computed.
        Assert.False((Tensor.Scalar(false) && Throws()) ? true : false);
        Assert.True((Tensor.Scalar(true) || Throws()) ? true : false);

        static Tensor Throws() => throw new InvalidOperationException();
    }

    [Fact]
    public void InsideOfTransforms()
    {
        var x = Tensor.FromArray(Left).Reshape(3, 2);
        var y = Tensor.FromArray(Right).Reshape(3, 2);
        Assert.Equal((x & y).ToArray<int>(), Vmap<Tensor, Tensor, Tensor>((a, b) => a & b)(x, y).ToArray<int>());
        Assert.Equal((~x).ToArray<int>(), Vmap<Tensor, Tensor>(a => ~a)(x).ToArray<int>());
        Assert.Equal((x ^ 3).ToArray<int>(), Trace<Tensor, Tensor>(a => a ^ 3, x).Call(x).ToArray<int>());

        // Two conditions joined choose where the gradient passes: 1 where 0 < q < 2.
        Func<Tensor, Tensor> f = q => Tensor.Where((q > 0) & ~(q >= 2), q * q, 0).Sum();
        Assert.Equal([0, 2, 0], Grad(f)([-1.0, 1, 3]).ToArray<double>());
        Assert.Equal([0, 2, 0], Vmap(Grad(f))(Tensor.FromArray(new[,] { { -1.0 }, { 1 }, { 3 } })).ToArray<double>());
        var leaf = Tensor.FromArray(new[] { -1.0, 1, 3 }).RequiresGrad_();
        f(leaf).Backward();
        Assert.Equal([0, 2, 0], leaf.Grad!.ToArray<double>());
    }
}
