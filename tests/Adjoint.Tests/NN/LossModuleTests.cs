using Adjoint.NN;
using L = Adjoint.NN; // one loss is called like its operator

namespace Adjoint.Tests.NN;

/// <summary>Losses as modules: what they print, their state, and that each passes all its settings on.</summary>
public class LossModuleTests
{
    private static readonly Tensor s_weight = Tensor.FromArray(new[] { 0.5, 2, 1 });

    /// <summary>The module, and the loss that it is; texts and names of buffers as PyTorch 2.10 prints them.</summary>
    private static readonly LossCase[] s_cases =
    [
        new("L1Loss()", "", new L1Loss(LossReduction.Sum), m => ((L1Loss)m).Forward(X(), Y()), () => X().L1Loss(Y(), LossReduction.Sum)),
        new("MSELoss()", "", new MSELoss(LossReduction.None), m => ((MSELoss)m).Forward(X(), Y()), () => X().MseLoss(Y(), LossReduction.None)),
        new(
            "SmoothL1Loss()", "", new SmoothL1Loss(LossReduction.Sum, 0.3), m => ((SmoothL1Loss)m).Forward(X(), Y()),
            () => X().SmoothL1Loss(Y(), LossReduction.Sum, 0.3)),
        new("HuberLoss()", "", new HuberLoss(delta: 0.3), m => ((HuberLoss)m).Forward(X(), Y()), () => X().HuberLoss(Y(), delta: 0.3)),
        new(
            "BCELoss()", "weight", new BCELoss(s_weight, LossReduction.Sum), m => ((BCELoss)m).Forward(Y(), Y().T.T),
            () => Y().BinaryCrossEntropy(Y(), s_weight, LossReduction.Sum)),
        new(
            "BCEWithLogitsLoss()", "weight pos_weight", new BCEWithLogitsLoss(s_weight, LossReduction.None, s_weight * 2),
            m => ((BCEWithLogitsLoss)m).Forward(X(), Y()),
            () => X().BinaryCrossEntropyWithLogits(Y(), s_weight, LossReduction.None, s_weight * 2)),
        new(
            "NLLLoss()", "weight", new NLLLoss(s_weight, 2, LossReduction.Sum), m => ((NLLLoss)m).Forward(X(), Classes()),
            () => X().NllLoss(Classes(), s_weight, 2, LossReduction.Sum)),
        new(
            "CrossEntropyLoss()", "weight", new CrossEntropyLoss(s_weight, 2, LossReduction.None, 0.1),
            m => ((CrossEntropyLoss)m).Forward(X(), Classes()),
            () => X().CrossEntropy(Classes(), s_weight, 2, LossReduction.None, 0.1)),
        new(
            "KLDivLoss()", "", new KLDivLoss(LossReduction.BatchMean, true), m => ((KLDivLoss)m).Forward(X(), Y()),
            () => X().KlDiv(Y(), LossReduction.BatchMean, true)),
        new(
            "PoissonNLLLoss()", "", new PoissonNLLLoss(false, true, 0.5, LossReduction.Sum), m => ((PoissonNLLLoss)m).Forward(Y(), X() + 4),
            () => Y().PoissonNllLoss(X() + 4, false, true, 0.5, LossReduction.Sum)),
        new(
            "GaussianNLLLoss()", "", new GaussianNLLLoss(true, 0.5, LossReduction.Sum), m => ((GaussianNLLLoss)m).Forward(X(), X() + 1, Y()),
            () => X().GaussianNllLoss(X() + 1, Y(), true, 0.5, LossReduction.Sum)),
        new(
            "HingeEmbeddingLoss()", "", new HingeEmbeddingLoss(0.3, LossReduction.Sum), m => ((HingeEmbeddingLoss)m).Forward(X(), Signs()),
            () => X().HingeEmbeddingLoss(Signs(), 0.3, LossReduction.Sum)),
        new(
            "SoftMarginLoss()", "", new SoftMarginLoss(LossReduction.Sum), m => ((SoftMarginLoss)m).Forward(X(), Signs()),
            () => X().SoftMarginLoss(Signs(), LossReduction.Sum)),
        new(
            "MarginRankingLoss()", "", new MarginRankingLoss(0.4, LossReduction.Sum), m => ((MarginRankingLoss)m).Forward(X(), Y(), Signs()),
            () => X().MarginRankingLoss(Y(), Signs(), 0.4, LossReduction.Sum)),
        new(
            "CosineEmbeddingLoss()", "", new CosineEmbeddingLoss(0.3, LossReduction.None),
            m => ((CosineEmbeddingLoss)m).Forward(X(), Y(), Signs().Select(1, 0)),
            () => X().CosineEmbeddingLoss(Y(), Signs().Select(1, 0), 0.3, LossReduction.None)),
        new(
            "TripletMarginLoss()", "", new TripletMarginLoss(0.5, 1, 0.1, true, LossReduction.Sum),
            m => ((TripletMarginLoss)m).Forward(X(), Y(), X() + 1),
            () => X().TripletMarginLoss(Y(), X() + 1, 0.5, 1, 0.1, true, LossReduction.Sum)),
        new(
            "TripletMarginWithDistanceLoss(\n  (distance_function): PairwiseDistance()\n)", "",
            new TripletMarginWithDistanceLoss(null, 0.5, true, LossReduction.Sum),
            m => ((TripletMarginWithDistanceLoss)m).Forward(X(), Y(), X() + 1),
            () => X().TripletMarginLoss(Y(), X() + 1, 0.5, swap: true, reduction: LossReduction.Sum)),
        new(
            "MultiMarginLoss()", "weight", new L.MultiMarginLoss(2, 0.5, s_weight, LossReduction.Sum),
            m => ((L.MultiMarginLoss)m).Forward(X(), Classes()),
            () => X().MultiMarginLoss(Classes(), 2, 0.5, s_weight, LossReduction.Sum)),
        new(
            "MultiLabelMarginLoss()", "", new MultiLabelMarginLoss(LossReduction.Sum), m => ((MultiLabelMarginLoss)m).Forward(X(), Labels()),
            () => X().MultilabelMarginLoss(Labels(), LossReduction.Sum)),
        new(
            "MultiLabelSoftMarginLoss()", "weight", new MultiLabelSoftMarginLoss(s_weight, LossReduction.Sum),
            m => ((MultiLabelSoftMarginLoss)m).Forward(X(), Y()),
            () => X().MultilabelSoftMarginLoss(Y(), s_weight, LossReduction.Sum)),
        new(
            "CTCLoss()", "", new CTCLoss(1, LossReduction.Sum, true), m => ((CTCLoss)m).Forward(X().LogSoftmax(-1), Whole(0, 2), Whole(4), Whole(2)),
            () => X().LogSoftmax(-1).CtcLoss(Whole(0, 2), Whole(4), Whole(2), 1, LossReduction.Sum, true)),
        new(
            "PairwiseDistance()", "", new PairwiseDistance(1, 0.1, true), m => ((PairwiseDistance)m).Forward(X(), Y()),
            () => X().PairwiseDistance(Y(), 1, 0.1, true)),
        new(
            "CosineSimilarity()", "", new CosineSimilarity(0, 2), m => ((CosineSimilarity)m).Forward(X(), Y()),
            () => X().CosineSimilarity(Y(), 0, 2)),
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(row => row.Text)];

    [Theory]
    [MemberData(nameof(Names))]
    public void PrintsAsInPyTorchAndComputesTheLoss(string text)
    {
        var row = s_cases.Single(found => found.Text == text);
        Assert.Equal(text, row.Module.ToString());
        Assert.Equal(row.Buffers, string.Join(' ', row.Module.NamedBuffers().Select(buffer => buffer.Name)));
        var (expected, actual) = (row.Loss(), row.Run(row.Module));
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
        Assert.All(actual.ToArray<double>(), value => Assert.True(double.IsFinite(value)));
    }

    /// <summary>A loss that is not in the table is not tested; the adaptive softmax gives scores beside its loss and has tests of its own.</summary>
    [Fact]
    public void EveryLossIsInTheTable()
    {
        var tested = s_cases.Select(row => row.Module.GetType()).ToHashSet();
        var losses = typeof(Module).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Loss", StringComparison.Ordinal))
            .Except([typeof(AdaptiveLogSoftmaxWithLoss)]);
        Assert.Empty(losses.Where(type => !tested.Contains(type)));
    }

    [Fact]
    public void ADistanceOfYoursIsNoPartOfTheModule()
    {
        var loss = new TripletMarginWithDistanceLoss((x, y) => (x - y).Abs().Sum(-1));
        Assert.Equal("TripletMarginWithDistanceLoss()", loss.ToString());
        Assert.Equal(
            X().TripletMarginLoss(Y(), X() + 1, p: 1, eps: 0).Item(), loss.Forward(X(), Y(), X() + 1).Item(), 12);
        Assert.StartsWith(
            "TripletMarginWithDistanceLoss: expected margin to be greater than 0, got 0 instead",
            Assert.Throws<ArgumentOutOfRangeException>(() => new TripletMarginWithDistanceLoss(margin: 0)).Message,
            StringComparison.Ordinal);
    }

    private static Tensor X() => Tensor.FromArray([.. Enumerable.Range(0, 12).Select(i => Math.Sin(i * 1.7) * 1.5)], [4, 3]);

    private static Tensor Y() => Tensor.FromArray([.. Enumerable.Range(0, 12).Select(i => 0.5 + (0.4 * Math.Cos(i * 2.3)))], [4, 3]);

    private static Tensor Signs() => X().Sign();

    private static Tensor Classes() => Whole(0, 2, 1, 1);

    private static Tensor Labels() => Tensor.FromArray(new long[] { 0, 2, -1, 1, -1, 0, -1, 0, 0, 2, 1, 0 }, [4, 3]);

    private static Tensor Whole(params long[] values) => Tensor.FromArray(values);

    private sealed record LossCase(string Text, string Buffers, Module Module, Func<Module, Tensor> Run, Func<Tensor> Loss);
}
