using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>Losses and distances with arguments, for <see cref="Samples"/> and <see cref="Instances"/>.</summary>
internal static class LossCalls
{
    private static readonly LossReduction[] s_reductions = [LossReduction.Mean, LossReduction.Sum, LossReduction.None];

    private static readonly Domain s_probability = new(0.05, 0.95);

    public static IEnumerable<Call> Calls() => [.. s_reductions.SelectMany(Reduced), .. Composites(), .. Ctc(), .. Distances()];

    /// <summary>Limits lie on the lattice of one input, so that differences of two keep away from them.</summary>
    public static IEnumerable<Instance> Parameters() =>
    [
        Instance.Of(typeof(SmoothedError), [0.75], []),
        Instance.Of(typeof(SmoothedError), [1.5], []),
        Instance.Of(typeof(HuberError), [0.75], []),
        Instance.Of(typeof(HuberError), [1.5], []),
        Instance.Of(typeof(RaisedTo), [0.01], []),
    ];

    private static IEnumerable<Call> Reduced(LossReduction reduction)
    {
        yield return Pair($"x.MseLoss(y, {reduction})", [3, 4], Domain.Real, (x, y) => x.MseLoss(y, reduction));
        yield return Pair($"x.SmoothL1Loss(y, {reduction})", [3, 4], Domain.Real, (x, y) => x.SmoothL1Loss(y, reduction, 1.5));
        yield return Pair($"x.HuberLoss(y, {reduction})", [3, 4], Domain.Real, (x, y) => x.HuberLoss(y, reduction, 0.75));
        yield return Pair($"x.SoftMarginLoss(y, {reduction})", [3, 4], Domain.Real, (x, y) => x.SoftMarginLoss(y, reduction));
        yield return Pair($"x.BinaryCrossEntropy(y, {reduction})", [3, 4], s_probability, (x, y) => x.BinaryCrossEntropy(y, reduction: reduction));
        yield return Pair(
            $"x.BinaryCrossEntropyWithLogits(y, {reduction})", [3, 4], Domain.Real, (x, y) => x.BinaryCrossEntropyWithLogits(y, null, reduction));
        yield return new(
            $"x.BinaryCrossEntropy(y, weight, {reduction})",
            draw =>
            {
                var weight = draw.Tensor([4], Domain.Positive);
                return new(
                    x => x[0].BinaryCrossEntropy(x[1], weight, reduction),
                    draw.Tensor([3, 4], s_probability, 0, 2),
                    draw.Tensor([3, 4], s_probability, 1, 2));
            },
            IsLoose: true);
        yield return new(
            $"x.BinaryCrossEntropyWithLogits(y, weight, posWeight, {reduction})",
            draw =>
            {
                var weight = draw.Tensor([3, 1], Domain.Positive);
                return new(
                    x => x[0].BinaryCrossEntropyWithLogits(x[1], weight, reduction, x[2]),
                    draw.Tensor(3, 4),
                    draw.Tensor([3, 4], s_probability),
                    draw.Tensor([4], Domain.Positive));
            },
            IsLoose: true);
        yield return new(
            $"x.MultilabelMarginLoss(target, {reduction})",
            draw =>
            {
                Tensor target = [[2L, 0, -1, 1], [1L, 1, 3, -1], [-1L, 0, 0, 0]];
                return new(x => x[0].MultilabelMarginLoss(target, reduction), draw.Tensor(3, 4));
            },
            IsLoose: true);
        foreach (var p in new[] { 1, 2 })
        {
            yield return new(
                $"x.MultiMarginLoss(target, {p}, {reduction})",
                draw =>
                {
                    var target = draw.Positions(4, 3);
                    var weight = draw.Tensor([4], Domain.Positive);
                    return new(x => x[0].MultiMarginLoss(target, p, 1, weight, reduction), draw.Tensor(3, 4));
                },
                IsLoose: true);
        }

        yield return new(
            $"x.NllLoss(target, {reduction})",
            draw =>
            {
                var target = draw.Positions(4, 3, 2);
                return new(x => x[0].NllLoss(target, reduction: reduction), draw.Tensor(3, 4, 2));
            },
            IsLoose: true);
        yield return new(
            $"x.CrossEntropy(target, {reduction}), weighted, smoothed",
            draw =>
            {
                // One sample always counts: the mean over none is not a number.
                var target = draw.Positions(4, 5);
                target[0] = 2;
                var weight = draw.Tensor([4], Domain.Positive);
                return new(
                    x => x[0].CrossEntropy(target, weight, ignoreIndex: 1, reduction, labelSmoothing: 0.1), draw.Tensor(5, 4));
            },
            IsLoose: true);
        yield return new(
            $"x.CrossEntropy(probabilities, {reduction})",
            draw => new(
                x => x[0].CrossEntropy(x[1], reduction: reduction), draw.Tensor(3, 4), draw.Tensor([3, 4], new Domain(0, 1))),
            IsLoose: true);
    }

    private static IEnumerable<Call> Composites() =>
    [
        Pair("x.L1Loss(y, weight)", [3, 4], Domain.Real, (x, y) => x.L1Loss(y, weight: Tensor.Full([3, 4], 0.5, DType.Float64))),
        Pair("x.MseLoss(y), broadcast", [3, 1], Domain.Real, (x, y) => x.MseLoss(y[1])),
        Pair("x.KlDiv(y)", [3, 4], Domain.Positive, (x, y) => x.KlDiv(y)),
        Pair("x.KlDiv(y, BatchMean, log)", [3, 4], Domain.Real, (x, y) => x.KlDiv(y, LossReduction.BatchMean, logTarget: true)),
        Pair("x.PoissonNllLoss(y, full)", [3, 4], new Domain(1.5, 4), (x, y) => x.PoissonNllLoss(y, full: true)),
        Pair(
            "x.PoissonNllLoss(y, no logarithm)",
            [3, 4],
            Domain.Positive,
            (x, y) => x.PoissonNllLoss(y, logInput: false, reduction: LossReduction.None)),
        new(
            "x.GaussianNllLoss(y, variance)",
            draw => new(x => x[0].GaussianNllLoss(x[1], x[2], full: true), draw.Tensor(3, 4), draw.Tensor(4), draw.Tensor([3], Domain.Positive)),
            IsLoose: true),
        Hinge("x.HingeEmbeddingLoss(target)", x => x[0].HingeEmbeddingLoss([1.0, -1, -1, 1])),
        Pair("x.MarginRankingLoss(y, target)", [4], Domain.Real, (x, y) => x.MarginRankingLoss(y, [1.0, -1, -1, 1])),
        Pair("x.CosineEmbeddingLoss(y, target)", [2, 3], Domain.Real, (x, y) => x.CosineEmbeddingLoss(y, [1.0, -1], -2)),
        Pair("x.MultilabelSoftMarginLoss(y)", [3, 4], s_probability, (x, y) => x.MultilabelSoftMarginLoss(y)),
        new(
            "x.TripletMarginLoss(y, z, swap)",
            draw => new(
                x => x[0].TripletMarginLoss(x[1], x[2], margin: 50, swap: true),
                draw.Tensor([2, 3], new Domain(-1, 1)),
                draw.Tensor([2, 3], new Domain(5, 7)),
                draw.Tensor([2, 3], new Domain(9, 11))),
            IsLoose: true),
    ];

    private static IEnumerable<Call> Ctc()
    {
        Tensor targets = [[1L, 1, 2], [3L, 2, 0], [1L, 0, 0]];
        Tensor inputLengths = [5L, 6, 2];
        Tensor targetLengths = [3L, 2, 0];
        foreach (var reduction in s_reductions)
        {
            yield return new(
                $"x.LogSoftmax().CtcLoss(targets, {reduction})",
                draw => new(x => x[0].LogSoftmax(-1).CtcLoss(targets, inputLengths, targetLengths, reduction: reduction), draw.Tensor(6, 3, 4)),
                IsLoose: true);
        }
    }

    private static IEnumerable<Call> Distances()
    {
        // The sines of the lattice's points have no equal differences, whose maximum would be a kink.
        foreach (var p in new[] { 1.0, 2, 3, double.PositiveInfinity })
        {
            yield return new(
                $"x.Cdist(y, {p})",
                draw => new(
                    x => x[0].Sin().Cdist(x[1].Sin(), p), draw.Tensor([2, 3, 4], Domain.Real, 0, 2), draw.Tensor([2, 4], Domain.Real, 1, 2)),
                IsLoose: true);
            yield return new($"x.Pdist({p})", draw => new(x => x[0].Sin().Pdist(p), draw.Tensor(4, 3)), IsLoose: true);
        }

        yield return Pair("x.CosineSimilarity(y, 0)", [3, 4], Domain.Real, (x, y) => x.CosineSimilarity(y, 0));
        yield return Pair("x.PairwiseDistance(y, 3)", [3, 4], Domain.Real, (x, y) => x.PairwiseDistance(y, 3));
        yield return Pair("x.Dist(y)", [3, 4], Domain.Real, (x, y) => x.Dist(y));
        yield return new("x.Normalize()", draw => new(x => x[0].Normalize(), draw.Tensor(3, 4)), IsLoose: true);
    }

    private static Call Hinge(string name, Func<Tensor[], Tensor> run) =>
        new(name, draw => new(run, draw.Tensor([4], Domain.Real with { Kinks = [1] })), IsLoose: true);

    private static Call Pair(string name, int[] shape, Domain domain, Func<Tensor, Tensor, Tensor> run) => new(
        name, draw => new(x => run(x[0], x[1]), draw.Tensor(shape, domain, 0, 2), draw.Tensor(shape, domain, 1, 2)), IsLoose: true);
}
