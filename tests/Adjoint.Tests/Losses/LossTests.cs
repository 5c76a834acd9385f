namespace Adjoint.Tests.Losses;

/// <summary>Losses at their edges: kinks, infinite numbers, what is refused, and the names of nodes.</summary>
public class LossTests
{
    private static readonly Tensor s_x = Tensor.FromArray(new[] { -1.0, 0, 1, 2 });

    /// <summary>Node names: PyTorch's table of derivatives.</summary>
    [Fact]
    public void OneNodeHasPyTorchsName()
    {
        var x = Tensor.Full([2, 3], 0.5, DType.Float64).RequiresGrad_();
        var y = Tensor.Full([2, 3], 0.25, DType.Float64);
        var classes = Tensor.FromArray(new long[] { 0, 2 });
        foreach (var reduction in new[] { LossReduction.Mean, LossReduction.Sum, LossReduction.None })
        {
            Assert.Equal("MseLossBackward0", x.MseLoss(y, reduction).GradFn!.Name);
            Assert.Equal("SmoothL1LossBackward0", x.SmoothL1Loss(y, reduction).GradFn!.Name);
            Assert.Equal("HuberLossBackward0", x.HuberLoss(y, reduction).GradFn!.Name);
            Assert.Equal("BinaryCrossEntropyBackward0", x.BinaryCrossEntropy(y, null, reduction).GradFn!.Name);
            Assert.Equal("BinaryCrossEntropyBackward0", x.BinaryCrossEntropy(y, y, reduction).GradFn!.Name);
            Assert.Equal("BinaryCrossEntropyWithLogitsBackward0", x.BinaryCrossEntropyWithLogits(y, null, reduction).GradFn!.Name);
            Assert.Equal("SoftMarginLossBackward0", x.SoftMarginLoss(y, reduction).GradFn!.Name);
            Assert.Equal("MultiMarginLossBackward0", x.MultiMarginLoss(classes, reduction: reduction).GradFn!.Name);
            Assert.Equal("MultilabelMarginLossBackward0", x.MultilabelMarginLoss(Tensor.Zeros([2, 3], DType.Int64), reduction).GradFn!.Name);
        }

        Assert.Equal("MseLossBackward0", x.MseLoss(y).GradFn!.Name);
        Assert.Equal("AccumulateGrad", x.MseLoss(y).GradFn!.NextFunctions[0].Node!.Name);
        Assert.Equal("CdistBackward0", x.Cdist(y).GradFn!.Name);
        Assert.Equal("PdistBackward0", x.Pdist().GradFn!.Name);
    }

    /// <summary>Slopes at kinks: 0 for the magnitude at 0; the linear piece's where pieces meet, as in PyTorch's formulas.</summary>
    [Fact]
    public void SlopesAtKinksArePyTorchs()
    {
        var zero = Tensor.Zeros([4], DType.Float64);
        Assert.Equal([-1, 0, 1, 1], Slope(x => x.L1Loss(zero, LossReduction.Sum), s_x));
        Assert.Equal([-1, 0, 1, 1], Slope(x => x.SmoothL1Loss(zero, LossReduction.Sum), s_x));
        Assert.Equal([-1, 0, 1, 1], Slope(x => x.SmoothL1Loss(zero, LossReduction.Sum, 0), s_x));
        Assert.Equal([-1, 0, 1, 1], Slope(x => x.HuberLoss(zero, LossReduction.Sum), s_x));
        Assert.Equal([0, 0], Slope(x => x.Cdist(x.Detach()).Sum(), Tensor.FromArray(new[] { 3.0, 4 }, [1, 2])));

        // margin - x[0] + x[1] = 0 costs nothing and gives no gradient.
        Assert.Equal([0, 0], Slope(x => x.MultiMarginLoss(Tensor.FromArray(new long[] { 0 }, [1])), Tensor.FromArray(new[] { 1.0, 0 }, [1, 2])));
    }

    /// <summary>A sure mistake costs 100, not infinity, as the documentation of BCELoss says.</summary>
    [Fact]
    public void ASureMistakeStaysFinite()
    {
        var x = Tensor.FromArray(new[] { 0.0, 1, 0, 1 });
        var y = Tensor.FromArray(new[] { 1.0, 0, 0, 1 });
        Assert.Equal([100, 100, 0, 0], x.BinaryCrossEntropy(y, null, LossReduction.None).ToArray<double>());
        Assert.Equal([-1e12, 1e12, 0, 0], Slope(p => p.BinaryCrossEntropy(y, null, LossReduction.Sum), x));
    }

    /// <summary>log(1 + e^z) is z for large z: nothing overflows.</summary>
    [Fact]
    public void LargeScoresDoNotOverflow()
    {
        var x = Tensor.FromArray(new[] { -1000.0, 1000 });
        var y = Tensor.FromArray(new[] { 1.0, 0 });
        Assert.Equal([1000, 1000], x.BinaryCrossEntropyWithLogits(y, null, LossReduction.None).ToArray<double>());
        Assert.Equal([-1, 1], Slope(z => z.BinaryCrossEntropyWithLogits(y, null, LossReduction.Sum), x));
        Assert.Equal([1000, 1000], x.SoftMarginLoss(x.Sign() * -1, LossReduction.None).ToArray<double>());
    }

    [Fact]
    public void TheMeanOfNothingIsNoNumber()
    {
        var nothing = Tensor.Zeros([0], DType.Float64).RequiresGrad_();
        var loss = nothing.MseLoss(nothing.Detach());
        Assert.True(double.IsNaN(loss.Item()));
        loss.Backward();
        Assert.Equal([0], nothing.Grad!.Shape.ToArray());
        Assert.Equal(0, nothing.MseLoss(nothing, LossReduction.Sum).Item());
    }

    /// <summary>What one pass computes is what its parts compute, in float16 as well.</summary>
    [Fact]
    public void NarrowNumbersAreRoundedOnce()
    {
        var x = Tensor.FromArray([.. Enumerable.Range(0, 100).Select(i => (float)Math.Sin(i))]).To(DType.Float16);
        var y = Tensor.FromArray([.. Enumerable.Range(0, 100).Select(i => (float)Math.Cos(i))]).To(DType.Float16);
        var wide = x.To(DType.Float64).MseLoss(y.To(DType.Float64));
        var narrow = x.MseLoss(y);
        Assert.Equal(DType.Float16, narrow.DType);
        Assert.Equal((double)(Half)wide.Item(), narrow.Item(), 1e-3);
        Assert.Equal(DType.Float64, x.MseLoss(y.To(DType.Float64)).DType);
    }

    /// <summary>The mean is divided by the sum of the weights, as <c>torch.nn.functional.mse_loss</c> does it.</summary>
    [Fact]
    public void WeightsDivideTheMean()
    {
        var (y, w) = (Tensor.Zeros([4], DType.Float64), Tensor.FromArray(new[] { 1.0, 2, 3, 4 }));
        Assert.Equal((1 + 3 + 16) / 10.0, s_x.MseLoss(y, weight: w).Item());
        Assert.Equal((1 + 3 + 8) / 10.0, s_x.L1Loss(y, weight: w).Item());
        Assert.Equal((0.5 + 1.5 + 6) / 10.0, s_x.HuberLoss(y, weight: w).Item());
    }

    /// <summary>First sentences are PyTorch's.</summary>
    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var matrix = Tensor.Full([2, 3], 0.5, DType.Float64);
        var classes = Tensor.FromArray(new long[] { 0, 3 });
        Starts<ArgumentException>("batchmean is not a valid value for reduction", () => s_x.MseLoss(s_x, LossReduction.BatchMean));
        Starts<ArgumentException>("batchmean is not a valid value for reduction", () => matrix.NllLoss(classes, reduction: LossReduction.BatchMean));
        Starts<ArgumentOutOfRangeException>("smooth_l1_loss does not support negative values for beta.", () => s_x.SmoothL1Loss(s_x, beta: -1));
        Starts<ArgumentOutOfRangeException>("huber_loss does not support non-positive values for delta.", () => s_x.HuberLoss(s_x, delta: 0));
        Starts<DTypeException>("\"huber_cpu\" not implemented for 'Long'", () => classes.HuberLoss(classes));
        Starts<ShapeException>("The size of tensor a (4) must match the size of tensor b (3)", () => s_x.MseLoss(matrix));
        Starts<TensorException>("all elements of input should be between 0 and 1", () => s_x.BinaryCrossEntropy(s_x));
        Starts<ShapeException>(
            "Using a target size (torch.Size([4])) that is different to the input size (torch.Size([2, 3])) is deprecated.",
            () => matrix.BinaryCrossEntropy(s_x));
        Starts<ShapeException>(
            "Target size (torch.Size([4])) must be the same as input size (torch.Size([2, 3])).", () => matrix.BinaryCrossEntropyWithLogits(s_x));
        Starts<ShapeException>("var is of incorrect size", () => matrix.GaussianNllLoss(matrix, s_x.Abs()));
        Starts<TensorException>("var has negative entry/entries", () => s_x.GaussianNllLoss(s_x, s_x));
        Starts<ShapeException>("margin_ranking_loss : All input tensors should have same dimension", () => matrix.MarginRankingLoss(matrix, s_x));
        Starts<ShapeException>("0D or 1D target tensor expected, multi-target not supported", () => matrix.CosineEmbeddingLoss(matrix, matrix));
        Starts<ShapeException>("1D target tensor expects 2D input tensors, but found inputs with sizes [4] and " +
            "[4]", () => s_x.CosineEmbeddingLoss(s_x, s_x));
        Starts<ArgumentOutOfRangeException>("margin must be greater than 0, got 0", () => matrix.TripletMarginLoss(matrix, matrix, 0));
        Starts<TensorIndexException>("target out of range", () => matrix.MultiMarginLoss(classes));
        Starts<ShapeException>("inconsistent target size, expected 2 but got [4]", () => matrix.MultiMarginLoss(Tensor.Zeros([4], DType.Int64)));
        Starts<ArgumentOutOfRangeException>("only p == 1 and p == 2 supported", () => matrix.MultiMarginLoss(classes, 3));
        Starts<ShapeException>("inconsistent target size", () => matrix.MultilabelMarginLoss(classes));
        Starts<ShapeException>("cdist only supports at least 2D tensors, X1 got: 1D", () => s_x.Cdist(matrix));
        Starts<ShapeException>("X1 and X2 must have the same number of columns. X1: 3 X2: 2", () => matrix.Cdist(matrix.T));
        Starts<ArgumentOutOfRangeException>("cdist only supports non-negative p values", () => matrix.Cdist(matrix, -1));
        Starts<ShapeException>("pdist only supports 2D tensors, got: 1D", () => s_x.Pdist());
    }

    /// <summary>PyTorch: "expected scalar type Float but found Double".</summary>
    [Fact]
    public void WeightsOfClassesNeedTheDTypeOfScores()
    {
        var scores = Tensor.Zeros([2, 3], DType.Float32);
        var weight = Tensor.Ones([3], DType.Float64);
        var classes = Tensor.FromArray(new long[] { 0, 2 });
        Starts<DTypeException>("expected scalar type Float but found Double", () => scores.CrossEntropy(classes, weight));
        Starts<DTypeException>("expected scalar type Float but found Double", () => scores.NllLoss(classes, weight));
        Starts<DTypeException>("expected scalar type Float but found Double", () => scores.MultiMarginLoss(classes, weight: weight));
        Assert.Equal(Math.Log(3), scores.CrossEntropy(classes, weight.To(DType.Float32)).Item(), 1e-6);
    }

    private static void Starts<E>(string sentence, Func<Tensor> run)
        where E : Exception => Assert.StartsWith(sentence, Assert.Throws<E>(run).Message, StringComparison.Ordinal);

    private static double[] Slope(Func<Tensor, Tensor> loss, Tensor at)
    {
        var x = at.Clone().RequiresGrad_();
        return Autograd.Grad(loss(x), x).ToArray<double>();
    }
}
