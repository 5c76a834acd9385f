namespace Adjoint.Tests.Reduction;

/// <summary>Comparisons of whole tensors; each value is libtorch 2.10's for <c>torch.allclose</c> and <c>torch.equal</c>.</summary>
public class CloseTests
{
    private static readonly Tensor Nan = Tensor.Full([2], double.NaN);
    private static readonly Tensor Infinite = Tensor.Full([2], double.PositiveInfinity);

    private static Tensor T(params double[] values) => Tensor.FromArray(values);

    private static Tensor L(params long[] values) => Tensor.FromArray(values);

    [Fact]
    public void Tolerances()
    {
        Assert.True(T(1, 2).AllClose(T(1, 2)));
        Assert.True(T(100).AllClose(T(100.0009)));
        Assert.False(T(100).AllClose(T(100.002)));
        Assert.True(T(100).AllClose(T(101), rtol: 0.01));
        Assert.False(T(101.02).AllClose(T(100), rtol: 0.01));
        Assert.True(T(0).AllClose(T(0.5), rtol: 0, atol: 0.5));
        Assert.False(T(0).AllClose(T(0.5), rtol: 0, atol: 0.4));
    }

    [Fact]
    public void SpecialValues()
    {
        Assert.False(Nan.AllClose(Nan));
        Assert.True(Nan.AllClose(Nan, equalNan: true));
        Assert.False(Nan.AllClose(Tensor.Zeros(2), equalNan: true));
        Assert.True(Infinite.AllClose(Infinite));
        Assert.False(Infinite.AllClose(-Infinite));
        Assert.False(Tensor.Ones(2).AllClose(Infinite));
        Assert.True(T().AllClose(T()));
        Assert.False(Nan.Equal(Nan));
    }

    [Fact]
    public void WholeNumbersAndTruth()
    {
        Assert.True(L(100000).AllClose(L(100001)));
        Assert.False(L(100).AllClose(L(101), 0, 0.5));
        Assert.False(L(9007199254740993).AllClose(L(9007199254740992), 0, 0));
        Assert.False(Tensor.FromArray(new byte[] { 0 }).AllClose(Tensor.FromArray(new byte[] { 255 }), 0, 1));
        Assert.False(Tensor.FromArray(new[] { true }).AllClose(Tensor.FromArray(new[] { false })));
        Assert.True(Tensor.FromArray(new[] { true }).AllClose(Tensor.FromArray(new[] { true })));
    }

    [Fact]
    public void ShapesAndDTypes()
    {
        Assert.True(Tensor.Ones(2, 2).AllClose(Tensor.Ones(2)));
        Assert.False(Tensor.Ones(2).Equal(Tensor.Ones(1)));
        Assert.False(Tensor.Ones(2, 1).Equal(Tensor.Ones(1, 2)));
        Assert.True(Tensor.Ones(0).Equal(Tensor.Zeros(0)));
        Assert.True(Tensor.Ones(2).Equal(Tensor.Ones([2], DType.Float64)));
        Assert.True(Tensor.Ones(2).Equal(L(1, 1)));
        Assert.False((Tensor.Ones(2) * 0.1f).Equal(T(0.1, 0.1)));
        Assert.True(L(16777217).Equal(Tensor.Full([1], 16777216f)));
        Assert.True(Tensor.Arange(6).Reshape(2, 3).T.Equal(Tensor.FromArray([0L, 3, 1, 4, 2, 5], 3, 2)));
    }

    [Fact]
    public void NothingIsRecorded()
    {
        var x = Tensor.Ones(2).RequiresGrad_();
        Assert.True(x.AllClose(x * 1));
        Assert.True(x.Equal(x * 1));
        Assert.True(Transform.Grad(a => a.AllClose(a) && a.Equal(a) ? (2 * a).Sum() : a.Sum())(Tensor.Ones(2)).Equal(Tensor.Full([2], 2f)));
    }

    [Fact]
    public void Refusals()
    {
        static void Fails<E>(string sentence, Action action)
            where E : Exception => Assert.StartsWith(sentence, Assert.Throws<E>(action).Message, StringComparison.Ordinal);
        Fails<DTypeException>("Float did not match Double", () => Tensor.Ones(2).AllClose(T(1, 1)));
        Fails<DTypeException>("Long did not match Int", () => L(1).AllClose(Tensor.FromArray([1])));
        Fails<ShapeException>(
            "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
            () => Tensor.Ones(2).AllClose(Tensor.Ones(3)));
        Fails<ArgumentOutOfRangeException>("rtol must be greater than or equal to zero, but got -1", () => T(1).AllClose(T(1), -1));
        Fails<ArgumentOutOfRangeException>("atol must be greater than or equal to zero, but got -1", () => T(1).AllClose(T(1), 0, -1));
        Assert.Throws<ArgumentNullException>(() => T(1).Equal(null!));
    }
}
