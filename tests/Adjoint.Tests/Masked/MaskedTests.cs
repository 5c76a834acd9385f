using static Adjoint.Transform;

namespace Adjoint.Tests.Masked;

/// <summary>What a mask leaves out counts nothing: against the same operator on the elements that are left; NaN and infinities outside of the mask
/// reach neither values nor gradients.</summary>
public class MaskedTests
{
    private static readonly Tensor Mask = Tensor.FromArray([true, false, true, true, false]);
    private static readonly Tensor Bad = Tensor.FromArray([1.0, double.NaN, 3, 2, double.PositiveInfinity]);
    private static readonly Tensor Left = Tensor.FromArray([1.0, 3, 2]);

    public static TheoryData<string> Names => [.. Operators.Keys];

    private static Dictionary<string, (Func<Tensor, Tensor> Masked, Func<Tensor, Tensor> Plain)> Operators { get; } = new()
    {
        ["sum"] = (x => x.MaskedSum(mask: Mask), x => x.Sum()),
        ["prod"] = (x => x.MaskedProd(mask: Mask), x => x.Prod()),
        ["mean"] = (x => x.MaskedMean(mask: Mask), x => x.Mean()),
        ["amax"] = (x => x.MaskedAmax(mask: Mask), x => x.Amax()),
        ["amin"] = (x => x.MaskedAmin(mask: Mask), x => x.Amin()),
        ["median"] = (x => x.MaskedMedian(mask: Mask), x => x.Median()),
        ["norm"] = (x => x.MaskedNorm(mask: Mask), x => x.Norm()),
        ["norm of order -1"] = (x => x.MaskedNorm(-1, mask: Mask), x => x.Norm(-1)),
        ["var"] = (x => x.MaskedVar(mask: Mask), x => x.Var()),
        ["std"] = (x => x.MaskedStd(mask: Mask, unbiased: false), x => x.Std(unbiased: false)),
        ["logsumexp"] = (x => x.MaskedLogSumExp(mask: Mask), x => x.LogSumExp(0)),
        ["softmax"] = (x => x.MaskedSoftmax(0, mask: Mask)[Mask], x => x.Softmax(0)),
        ["log_softmax"] = (x => x.MaskedLogSoftmax(0, mask: Mask)[Mask], x => x.LogSoftmax(0)),
        ["softmin"] = (x => x.MaskedSoftmin(0, mask: Mask)[Mask], x => (-x).Softmax(0)),
        ["normalize"] = (x => x.MaskedNormalize(2, 0, mask: Mask)[Mask], x => x / x.Norm()),
        ["cumsum"] = (x => x.MaskedCumSum(0, mask: Mask)[Mask], x => x.CumSum(0)),
        ["cumprod"] = (x => x.MaskedCumProd(0, mask: Mask)[Mask], x => x.CumProd(0)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsLeftOutCountsNothing(string name)
    {
        var (masked, plain) = Operators[name];
        Near(plain(Left), masked(Bad));
        var expected = Grad((Tensor a) => (plain(a) * plain(a).Detach()).Sum())(Left).ToArray<double>();
        var gradient = Grad((Tensor a) => (masked(a) * masked(a).Detach()).Sum())(Bad);
        Near(Tensor.FromArray([expected[0], 0, expected[1], expected[2], 0]), gradient);
        Near(gradient, Vmap(Grad((Tensor a) => (masked(a) * masked(a).Detach()).Sum()))(Bad.Unsqueeze(0))[0]);
    }

    [Fact]
    public void PositionsAreThoseOfWhatIsLeft()
    {
        Assert.Equal(2, Bad.MaskedArgmax(mask: Mask).Item());
        Assert.Equal(DType.Float64, Bad.MaskedArgmax(0, mask: Mask).DType);
        Assert.Equal(0L, Bad.MaskedArgmin(0, keepDim: true, DType.Int64, Mask)[0].Item<long>());
        Assert.Equal(7L, Tensor.FromArray([9L, 7]).MaskedAmax(mask: Tensor.FromArray([false, true])).Item<long>());
        Assert.Equal(long.MinValue, Tensor.FromArray([9L]).MaskedAmax(mask: Tensor.FromArray([false])).Item<long>());
        Assert.Equal(byte.MaxValue, Tensor.FromArray([9]).To(DType.UInt8).MaskedAmin(mask: Tensor.FromArray([false])).Item());
    }

    [Fact]
    public void NothingLeftIsTheNeutralElement()
    {
        var none = Tensor.Zeros([5], DType.Bool);
        Assert.Equal(0, Bad.MaskedSum(mask: none).Item());
        Assert.Equal(1, Bad.MaskedProd(mask: none).Item());
        Assert.True(double.IsNaN(Bad.MaskedMean(mask: none).Item()));
        Assert.Equal(double.NegativeInfinity, Bad.MaskedAmax(mask: none).Item());
        Assert.Equal(double.NegativeInfinity, Bad.MaskedLogSumExp(mask: none).Item());
        Assert.Equal(4, Tensor.FromArray([1.0, 3]).MaskedSum().Item());
    }

    [Fact]
    public void EitherMayBeLeftOutOfASum()
    {
        Tensor x = Tensor.FromArray([1.0, 2, double.NaN, double.NaN]);
        Tensor y = Tensor.FromArray([1.0, double.NaN, 3, double.NaN]);
        Tensor Run(Tensor a) => a.MaskedLogAddExp(
            y, inputMask: Tensor.FromArray([true, true, false, false]), otherMask: Tensor.FromArray([true, false, true, false]));
        Assert.Equal([1 + Math.Log(2), 2, 3, double.NegativeInfinity], Run(x).ToArray<double>(), (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-14);
        Assert.Equal([0.5, 1, 0, 0], Grad((Tensor a) => Run(a)[..3].Sum())(x).ToArray<double>());
        Assert.Equal([0.5, 1, 0, 0], Grad((Tensor a) => Run(a).Sum())(x).ToArray<double>());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<DTypeException>(() => Bad.MaskedSum(mask: Bad));
        Assert.Throws<ShapeException>(() => Bad.MaskedSum(mask: Mask[..2]));
        Assert.Throws<ShapeException>(() => Bad.MaskedSum(mask: Mask.Unsqueeze(0)));
        Assert.Throws<DTypeException>(() => Tensor.FromArray([1L]).MaskedMean());
        Assert.Throws<DTypeException>(() => Tensor.FromArray([1L]).MaskedMedian(mask: Tensor.FromArray([true])));
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(
            expected.Reshape(-1).ToArray<double>(),
            actual.Reshape(-1).ToArray<double>(),
            (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));
    }
}
