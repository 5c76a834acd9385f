namespace Adjoint.Onnx.Tests;

/// <content>Products, images, positions, orders, losses, sequences.</content>
internal static partial class OperatorCases
{
    private static IEnumerable<Case> Products()
    {
        yield return Two("MatMul", (a, b) => a.MatMul(b), Draw(4, 3), Draw(3, 5));
        yield return Two("MatMul batch", (a, b) => a.MatMul(b), Draw(4, 2, 3), Draw(4, 3, 5));
        yield return Two("MatMul wide", (a, b) => a.MatMul(b), Draw(4, 2, 3, 3), Draw(3, 5));
        yield return Two("MatMul vector", (a, b) => a.MatMul(b), Draw(4, 3), Draw(3));
        yield return Two("Bmm", (a, b) => a.Bmm(b), Draw(4, 2, 3), Draw(4, 3, 5));
        yield return Two("Mv", (a, b) => a.Mv(b), Draw(4, 3), Draw(3));
        yield return Two("Dot", Tensor.Dot, Draw(4), Draw(4));
        yield return Two("VecDot", (a, b) => Tensor.VecDot(a, b), Draw(4, 3), Draw(4, 3));
        yield return Two("Outer", (a, b) => a.Outer(b), Draw(4), Draw(3));
        yield return Two("Inner", (a, b) => a.Inner(b), Draw(4, 3), Draw(2, 3));
        yield return Two("Kron", (a, b) => a.Kron(b), Draw(4, 3), Draw(2, 2));
        yield return Two("Cross", (a, b) => a.Cross(b, 1), Draw(4, 3), Draw(4, 3));
        yield return Two("Einsum", (a, b) => Tensor.Einsum("bij,bjk->bik", a, b), Draw(4, 2, 3), Draw(4, 3, 5));
        yield return Two("Einsum sum", (a, b) => Tensor.Einsum("bij,kj->bk", a, b), Draw(4, 2, 3), Draw(5, 3));
        yield return Two("Tensordot", (a, b) => Tensor.Tensordot(a, b, 1), Draw(4, 3), Draw(3, 2));
        yield return Three("Linear", (a, w, b) => a.Linear(w, b), Draw(4, 2, 3), Draw(5, 3), Draw(5));
        yield return Three("Bilinear", (a, b, w) => a.Bilinear(b, w), Draw(4, 3), Draw(4, 2), Draw(5, 3, 2));
        yield return Three("Addmm", (a, b, c) => c.Addmm(a, b, 0.5, 2), Draw(4, 3), Draw(3, 5), Draw(5));
        yield return Three("Addmv", (a, b, c) => c.Addmv(a, b), Draw(4, 3), Draw(3), Draw(4));
        yield return Three("Addr", (a, b, c) => c.Addr(a, b), Draw(4), Draw(3), Draw(4, 3));
        yield return Three("Baddbmm", (a, b, c) => c.Baddbmm(a, b), Draw(4, 2, 3), Draw(4, 3, 5), Draw(4, 2, 5));
        yield return Three("Addbmm", (a, b, c) => c.Addbmm(a, b), Draw(4, 2, 3), Draw(4, 3, 5), Draw(2, 5));
        yield return Two("Cdist", (a, b) => a.Cdist(b), Draw(4, 3, 2), Draw(4, 5, 2));
        yield return Two("Cdist 1", (a, b) => a.Cdist(b, 1), Draw(4, 3, 2), Draw(4, 5, 2));
        yield return Three(
            "ScaledDotProductAttention", (q, k, v) => q.ScaledDotProductAttention(k, v), Draw(4, 2, 5, 3), Draw(4, 2, 6, 3), Draw(4, 2, 6, 3));
        yield return Three(
            "ScaledDotProductAttention causal",
            (q, k, v) => q.ScaledDotProductAttention(k, v, isCausal: true),
            Draw(4, 5, 3), Draw(4, 5, 3), Draw(4, 5, 3));
    }

    private static IEnumerable<Case> Images()
    {
        var (line, image, block) = (Draw(2, 4, 9), Draw(2, 4, 8, 7), Draw(2, 4, 5, 6, 4));
        yield return Three("Conv1d", (x, w, b) => x.Conv1d(w, b, 2, 1), line, Draw(3, 4, 3), Draw(3));
        yield return Three("Conv2d", (x, w, b) => x.Conv2d(w, b, new[] { 2, 1 }, new[] { 1, 0 }, new[] { 1, 2 }), image, Draw(3, 4, 3, 2), Draw(3));
        yield return Two("Conv2d groups", (x, w) => x.Conv2d(w, groups: 2), image, Draw(6, 2, 3, 3));
        yield return Two("Conv3d", (x, w) => x.Conv3d(w), block, Draw(3, 4, 2, 2, 2));
        yield return Three("ConvTranspose1d", (x, w, b) => x.ConvTranspose1d(w, b, 2, 1, 1), line, Draw(4, 3, 3), Draw(3));
        yield return Three("ConvTranspose2d", (x, w, b) => x.ConvTranspose2d(w, b, 2, 1, 1), image, Draw(4, 3, 3, 3), Draw(3));
        yield return Two("ConvTranspose3d", (x, w) => x.ConvTranspose3d(w, stride: 2), block, Draw(4, 3, 2, 2, 2));
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("MaxPool2d", x => x.MaxPool2d(3, 2, 1)), ("MaxPool2d ceil", x => x.MaxPool2d(3, 2, ceilMode: true)),
            ("MaxPool2d dilated", x => x.MaxPool2d(2, 1, dilation: 2)), ("MaxPool2dWithIndices", x => x.MaxPool2dWithIndices(2).Indices),
            ("AvgPool2d", x => x.AvgPool2d(3, 2, 1)), ("AvgPool2d inside", x => x.AvgPool2d(3, 2, 1, countIncludePad: false)),
            ("AvgPool2d divisor", x => x.AvgPool2d(2, divisorOverride: 3)), ("LpPool2d", x => x.LpPool2d(2, 2)),
            ("AdaptiveAvgPool2d", x => x.AdaptiveAvgPool2d(3)), ("AdaptiveAvgPool2d 1", x => x.AdaptiveAvgPool2d(1)),
            ("AdaptiveMaxPool2d", x => x.AdaptiveMaxPool2d(3)), ("AdaptiveMaxPool2d even", x => x.AdaptiveMaxPool2d(new[] { 4, 7 })),
            ("MaxUnpool2d", x => { var (y, at) = x.MaxPool2dWithIndices(2); return y.MaxUnpool2d(at, 2, outputSize: [8, 7]); }),
            ("Pad reflect", x => x.Pad([1, 2, 2, 1], PadMode.Reflect)), ("Pad replicate", x => x.Pad([1, 2, 2, 1], PadMode.Replicate)),
            ("Pad circular", x => x.Pad([1, 2, 2, 1], PadMode.Circular)), ("Interpolate nearest", x => x.Interpolate(scaleFactor: [2.0, 2.0])),
            ("Interpolate exact", x => x.Interpolate(scaleFactor: [2.0, 2.0], mode: InterpolateMode.NearestExact)),
            ("Interpolate bilinear", x => x.Interpolate(scaleFactor: [2.0, 1.5], mode: InterpolateMode.Bilinear)),
            ("Interpolate aligned", x => x.Interpolate(size: new[] { 5, 11 }, mode: InterpolateMode.Bilinear, alignCorners: true)),
            ("Interpolate size", x => x.Interpolate(size: new[] { 5, 11 }, mode: InterpolateMode.Bilinear)),
            ("Interpolate bicubic", x => x.Interpolate(scaleFactor: [2.0, 2.0], mode: InterpolateMode.Bicubic)),
            ("PixelShuffle", x => x.PixelShuffle(2)), ("PixelUnshuffle", x => x[.., .., .., ..6].PixelUnshuffle(2)),
            ("Im2Col", x => x.Im2Col(3, 1, 1, 2)),
            ("Col2Im", x => x.Im2Col(2).Col2Im(new[] { 8, 7 }, 2)), ("InstanceNorm", x => x.InstanceNorm()), ("GroupNorm", x => x.GroupNorm(2)),
            ("LayerNorm", x => x.LayerNorm([8, 7])), ("RmsNorm", x => x.RmsNorm([7])), ("LocalResponseNorm", x => x.LocalResponseNorm(3)),
            ("Normalize", x => x / x.Norm(2, [1], keepDim: true).ClampMin(1e-12)),
        })
        {
            yield return One(name, function, image);
        }

        yield return One("MaxPool1d", x => x.MaxPool1d(3, 2, 1), line);
        yield return One("AvgPool1d", x => x.AvgPool1d(3, 2, 1), line);
        yield return One("Interpolate linear", x => x.Interpolate(scaleFactor: [2.0], mode: InterpolateMode.Linear), line);
        yield return One("MaxPool3d", x => x.MaxPool3d(2), block);
        yield return One("AvgPool3d", x => x.AvgPool3d(2), block);
        yield return One("Interpolate trilinear", x => x.Interpolate(scaleFactor: [2.0, 2.0, 2.0], mode: InterpolateMode.Trilinear), block);
        yield return Three("BatchNorm", (x, mean, v) => x.BatchNorm(mean, v), image, Draw(4), Share(4));
        yield return Three("BatchNorm affine", (x, w, b) => x.BatchNorm(Tensor.Zeros(4), Tensor.Ones(4), w, b), image, Draw(4), Draw(4));
        yield return Two("GridSample", (x, grid) => x.GridSample(grid), image, Draw(2, 3, 3, 2) * 0.5);
        yield return One("AffineGrid", theta => theta.AffineGrid([2, 3, 4, 5]), Draw(2, 2, 3), null);
    }

    private static IEnumerable<Case> Positions()
    {
        var x = Draw(4, 6);
        yield return Two("Gather", (a, at) => a.Gather(1, at), x, Whole(0, 2, 1, 5, 4, 4, 3, 3).Reshape(4, 2));
        yield return Two("IndexSelect", (a, at) => a.IndexSelect(1, at), x, Whole(5, 0, 0));
        yield return Two("Take", (a, at) => a.Take(at), x, Whole(5, 0, 7));
        yield return Two("TakeAlongDim", (a, at) => a.TakeAlongDim(at, 1), x, Whole(0, 2, 1, 5).Reshape(4, 1));
        var (three, five) = (Whole(1, 0, 3), Whole(2, 2, 5));
        yield return One("Index", a => a[three], x);
        yield return One("Index second", a => a[.., five], x);
        yield return One("Index two", a => a[three, five], x, null);
        yield return One("Index apart", a => a[three, .., five], Draw(4, 2, 6), null);
        yield return Two("Embedding", (w, at) => at.Embedding(w), Draw(7, 3), Whole(1, 6, 0, 2).Reshape(2, 2), null);
        yield return Two("EmbeddingBag", (w, at) => at.EmbeddingBag(w), Draw(7, 3), Whole(1, 6, 0, 2).Reshape(2, 2), null);
        yield return One("OneHot", a => a.Argmax(1).OneHot(6), x);
        yield return Three("Scatter", (a, at, v) => a.Scatter(1, at, v), x, Whole(0, 2, 1, 5, 4, 3, 3, 0).Reshape(4, 2), Draw(4, 2));
        yield return Three("ScatterAdd", (a, at, v) => a.ScatterAdd(1, at, v), x, Whole(0, 0, 1, 5, 4, 4, 3, 3).Reshape(4, 2), Draw(4, 3));
        foreach (var reduction in Enum.GetValues<ScatterReduction>())
        {
            foreach (var self in new[] { true, false })
            {
                yield return Three(
                    $"ScatterReduce {reduction} {self}",
                    (a, at, v) => a.ScatterReduce(1, at, v, reduction, self),
                    x,
                    Whole(0, 0, 1, 5, 4, 4, 3, 3).Reshape(4, 2),
                    Draw(4, 2));
            }
        }

        yield return Three("IndexAdd", (a, at, v) => a.IndexAdd(1, at, v), x, Whole(0, 2, 2), Draw(4, 3));
        yield return Three("IndexCopy", (a, at, v) => a.IndexCopy(1, at, v), x, Whole(0, 2, 4), Draw(4, 3));
        yield return Two("IndexFill", (a, at) => a.IndexFill(1, at, 0.5), x, Whole(0, 2, 4));
        var (rows, twice) = (Whole(0, 2), Whole(2, 2));
        yield return Two("IndexPut", (a, v) => a.IndexPut([rows], v), x, Draw(2, 6), null);
        yield return Two("IndexPut accumulate", (a, v) => a.IndexPut([twice], v, accumulate: true), x, Draw(2, 6), null);
        yield return Two("IndexPut second", (a, v) => a.IndexPut([null, rows], v), x, Draw(4, 2));
        yield return Three("Put", (a, at, v) => a.Put(at, v), x, Whole(3, 20, 7), Draw(3), null);
        yield return Three("MaskedScatter", (a, m, v) => a.MaskedScatter(m, v), x, Draw(4, 6) > 0, Draw(24), null);
    }

    private static IEnumerable<Case> Orders()
    {
        var x = Draw(4, 7);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Sort", a => a.Sort(1).Values), ("Sort descending", a => a.Sort(1, true).Values), ("ArgSort", a => a.ArgSort(1)),
            ("TopK", a => a.TopK(3).Values), ("TopK indices", a => a.TopK(3, largest: false).Indices), ("KthValue", a => a.KthValue(2, 1).Values),
            ("Median", a => a.Median(1).Values), ("Median indices", a => a.Median(1, true).Indices), ("Quantile", a => a.Quantile(0.3, 1)),
        })
        {
            yield return One(name, function, x);
        }

        yield return One("Median all", a => a.Median(), x, null);
    }

    private static IEnumerable<Case> Losses()
    {
        var (x, y, share) = (Draw(4, 5), Draw(4, 5), Share(4, 5));
        var classes = Whole(1, 0, 4, 2);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("MseLoss", (a, b) => a.MseLoss(b)), ("L1Loss", (a, b) => a.L1Loss(b)), ("SmoothL1Loss", (a, b) => a.SmoothL1Loss(b)),
            ("HuberLoss", (a, b) => a.HuberLoss(b)), ("SoftMarginLoss", (a, b) => a.SoftMarginLoss(b.Sign())),
            ("PoissonNllLoss", (a, b) => a.PoissonNllLoss(b.Abs())), ("GaussianNllLoss", (a, b) => a.GaussianNllLoss(b, b.Square() + 1)),
            ("HingeEmbeddingLoss", (a, b) => a.HingeEmbeddingLoss(b.Sign())), ("KlDiv", (a, b) => a.LogSoftmax(1).KlDiv(b.Softmax(1))),
            ("BinaryCrossEntropyWithLogits", (a, b) => a.BinaryCrossEntropyWithLogits(b.Sigmoid())),
            ("BinaryCrossEntropy", (a, b) => a.Sigmoid().BinaryCrossEntropy(b.Sigmoid())),
            ("MultilabelSoftMarginLoss", (a, b) => a.MultilabelSoftMarginLoss(b.Sigmoid())),
            ("MseLoss sum", (a, b) => a.MseLoss(b, LossReduction.Sum)), ("MseLoss none", (a, b) => a.MseLoss(b, LossReduction.None)),
            ("MarginRankingLoss", (a, b) => a.MarginRankingLoss(b, b.Sign(), 0.1)),
            ("CosineEmbeddingLoss", (a, b) => a.CosineEmbeddingLoss(b, b[.., 0].Sign(), 0.1)),
        })
        {
            yield return Two(name, function, x, y);
        }

        foreach (var (name, function) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("CrossEntropy", (a, at) => a.CrossEntropy(at)), ("CrossEntropy smoothed", (a, at) => a.CrossEntropy(at, labelSmoothing: 0.1)),
            ("NllLoss", (a, at) => a.LogSoftmax(1).NllLoss(at)), ("MultiMarginLoss", (a, at) => a.MultiMarginLoss(at)),
        })
        {
            yield return Two(name, function, x, classes);
        }

        yield return Three("TripletMarginLoss", (a, p, n) => a.TripletMarginLoss(p, n), x, y, share);
    }

    private static IEnumerable<Case> Sequences()
    {
        yield return new Case(
            "Rnn", all => [all[0].Rnn(all[1], all[2], all[3])], [Draw(5, 3, 2), Draw(3, 4), Draw(4, 2), Draw(4, 4)], null);
        yield return new Case(
            "Gru",
            all => [all[0].Gru(all[1], all[2], all[3], all[4], all[4])],
            [Draw(5, 3, 2), Draw(3, 4), Draw(12, 2), Draw(12, 4), Draw(12)],
            null);
        yield return new Case(
            "Lstm",
            all => { var (states, cells) = all[0].Lstm(all[1], all[1], all[2], all[3], all[4]); return [states, cells]; },
            [Draw(5, 3, 2), Draw(3, 4), Draw(16, 2), Draw(16, 4), Draw(16)],
            null);
    }
}
