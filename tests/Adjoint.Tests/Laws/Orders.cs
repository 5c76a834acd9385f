using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>Samples of products, orders, scans, segments and masked operators.</summary>
internal static class Orders
{
    public static IEnumerable<Call> Calls() => [.. Products(), .. Picks(), .. Lines(), .. Segmented(), .. Weighted(), .. Masked()];

    private static IEnumerable<Call> Products() =>
    [
        One("x.Prod()", [2, 3], x => x.Prod()),
        One("x.Prod(1)", [3, 4], x => x.Prod(1)),
        One("x.Prod([0, 2], true)", [2, 3, 2], x => x.Prod([0, 2], keepDim: true)),
        One("x.NanMean([1])", [3, 4], x => x.NanMean([1])),
        One("x.AminMax(1)", [3, 4], x => x.AminMax(1) is var (least, most) ? least * most : x),
        One("x.AminMax()", [3, 4], x => x.AminMax(keepDim: true) is var (least, most) ? least * most : x),
    ];

    private static IEnumerable<Call> Picks() =>
    [
        One("x.KthValue(2, 0)", [4, 3], x => x.KthValue(2, 0).Values.Square()),
        One("x.KthValue(3, -1, true)", [2, 4], x => x.KthValue(3, keepDim: true).Values.Square()),
        One("x.Mode(0)", [4, 3], x => x.Mode(0).Values.Square()),
        One("x.Median()", [3, 4], x => x.Median().Square()),
        One("x.Median(0)", [4, 3], x => x.Median(0).Values.Square()),
        One("x.NanMedian()", [3, 3], x => x.NanMedian().Square()),
        One("x.NanMedian(1, true)", [3, 4], x => x.NanMedian(1, keepDim: true).Values.Square()),
        new("x.Quantile(q, 1)", draw => new(
            x => x[0].Quantile(x[1], 1), draw.Tensor(3, 4), draw.Tensor([2], new Domain(0.05, 0.3))), IsLoose: true),
        new("x.Quantile(0.4, null, true)", draw => new(x => x[0].Quantile(0.4, keepDim: true), draw.Tensor(3, 4)), IsLoose: true),
        new("x.NanQuantile(q, 0, midpoint)", draw => new(
            x => x[0].NanQuantile(Tensor.FromArray([0.1, 0.5]), 0, interpolation: QuantileInterpolation.Midpoint), draw.Tensor(4, 2)), IsLoose: true),
    ];

    private static IEnumerable<Call> Lines() =>
    [
        One("x.CumMax(0)", [4, 3], x => x.CumMax(0).Values.Square()),
        One("x.CumMin(-1)", [3, 4], x => x.CumMin(-1).Values.Square()),
        One("x.Diff(2)", [3, 4], x => x.Diff(2)),
        new("x.Diff(1, 0, y, z)", draw => new(
            x => x[0].Diff(1, 0, x[1], x[2]), draw.Tensor(3, 2), draw.Tensor(1, 2), draw.Tensor(2, 2)), IsLoose: true),
        One("x.Trapezoid(0.5, 0)", [4, 3], x => x.Trapezoid(0.5, 0)),
        new("x.Trapezoid(y, 0)", draw => new(x => x[0].Trapezoid(x[1], 0), draw.Tensor(4, 3), draw.Tensor(4)), IsLoose: true),
        new("x.CumulativeTrapezoid(y)", draw => new(x => x[0].CumulativeTrapezoid(x[1]), draw.Tensor(3, 4), draw.Tensor(1, 4)), IsLoose: true),
        One("x.Gradient(0.5)", [3, 4], x => x.Gradient(0.5, edgeOrder: 2) is var parts ? parts[0] * parts[1] : x),
        new("x.Gradient([y], 0)", draw => new(
            x => x[0].Gradient([x[1].CumSum(0)], [0], edgeOrder: 2)[0], draw.Tensor(4, 2), draw.Tensor([4], Domain.Positive)), IsLoose: true),
    ];

    private static IEnumerable<Call> Segmented()
    {
        foreach (var reduce in Enum.GetValues<SegmentReduction>())
        {
            yield return One(
                $"x.SegmentReduce({reduce}, lengths)",
                [5, 2],
                x => x.SegmentReduce(reduce, Tensor.FromArray([2L, 0, 3]), initial: reduce switch
                {
                    SegmentReduction.Max => -9,
                    SegmentReduction.Min => 9,
                    SegmentReduction.Mean => 1,
                    _ => null,
                }));
            yield return One(
                $"x.SegmentReduce({reduce}, offsets, 1)",
                [2, 5, 2],
                x => x.SegmentReduce(reduce, offsets: Tensor.FromArray([1L, 3, 5, 0, 1, 4]).Reshape(2, 3), axis: 1));
        }
    }

    private static IEnumerable<Call> Weighted() =>
    [
        One("x.Renorm(2, 0, 0.5)", [3, 4], x => x.Renorm(2, 0, 0.5)),
        new("x.Cov(y, z)", draw => new(
            x => x[0].Cov(fweights: Tensor.FromArray([1L, 2, 1, 3]), aweights: x[1]),
            draw.Tensor(2, 4),
            draw.Tensor([4], Domain.Positive)), IsLoose: true),
        One("x.Corrcoef()", [3, 5], x => x.Corrcoef() * Tensor.FromArray([1.0, 2, 4, 3, 1, 5, 7, 2, 1]).Reshape(3, 3)),
    ];

    private static IEnumerable<Call> Masked()
    {
        Tensor mask = [[true, false, true, true], [false, true, true, true], [true, true, false, true]];
        yield return One("x.MaskedSum(1)", [3, 4], x => x.MaskedSum([1], mask: mask));
        yield return One("x.MaskedProd(0)", [3, 4], x => x.MaskedProd([0], mask: mask));
        yield return One("x.MaskedMean()", [3, 4], x => x.MaskedMean(mask: mask));
        yield return One("x.MaskedAmax(1)", [3, 4], x => x.MaskedAmax([1], mask: mask));
        yield return One("x.MaskedAmin(0)", [3, 4], x => x.MaskedAmin([0], mask: mask));
        yield return One("x.MaskedMedian(1)", [3, 4], x => x.MaskedMedian(1, mask: mask));
        yield return One("x.MaskedNorm(3, 1)", [3, 4], x => x.MaskedNorm(3, [1], mask: mask));
        yield return One("x.MaskedNormalize(2, 1)", [3, 4], x => x.MaskedNormalize(2, 1, mask: mask));
        yield return One("x.MaskedVar(1)", [3, 4], x => x.MaskedVar([1], mask: mask));
        yield return One("x.MaskedStd(0)", [3, 4], x => x.MaskedStd([0], unbiased: false, mask: mask));
        yield return One("x.MaskedSoftmax(1)", [3, 4], x => x.MaskedSoftmax(1, mask: mask));
        yield return One("x.MaskedSoftmin(0)", [3, 4], x => x.MaskedSoftmin(0, mask: mask));
        yield return One("x.MaskedLogSumExp(1)", [3, 4], x => x.MaskedLogSumExp([1], mask: mask));
        yield return One("x.MaskedCumSum(1)", [3, 4], x => x.MaskedCumSum(1, mask: mask));
        yield return One("x.MaskedCumProd(0)", [3, 4], x => x.MaskedCumProd(0, mask: mask));
        yield return new(
            "x.MaskedLogAddExp(y)",
            draw => new(x => x[0].MaskedLogAddExp(x[1], inputMask: mask, otherMask: mask.LogicalNot()), draw.Tensor(3, 4), draw.Tensor(3, 4)),
            IsLoose: true);
    }

    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), IsLoose: true);
}
