using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Losses.</summary>
internal static class Losses
{
    public static void Add(OperatorTable table)
    {
        Regression(table);
        Classes(table);
        Margins(table);
    }

    private static void Regression(OperatorTable table)
    {
        table["nn.functional.mse_loss"] = c => c.X.MseLoss(c.Tensor(0, "target"), Reduction(c), c.TensorOrNull(-1, "weight"));
        table["nn.functional.l1_loss"] = c => c.X.L1Loss(c.Tensor(0, "target"), Reduction(c), c.TensorOrNull(-1, "weight"));
        table["nn.functional.smooth_l1_loss"] = c => c.X.SmoothL1Loss(c.Tensor(0, "target"), Reduction(c), c.Number(-1, "beta", 1));
        table["nn.functional.huber_loss"] = c => c.X.HuberLoss(
            c.Tensor(0, "target"), Reduction(c), c.Number(-1, "delta", 1), c.TensorOrNull(-1, "weight"));
        table["nn.functional.kl_div"] = c => c.X.KlDiv(c.Tensor(0, "target"), Reduction(c), c.Flag(-1, "log_target"));
        table["nn.functional.poisson_nll_loss"] = c => c.X.PoissonNllLoss(
            c.Tensor(0, "target"), c.Flag(1, "log_input", true), c.Flag(2, "full"), c.Number(-1, "eps", 1e-8), Reduction(c));
        table["nn.functional.gaussian_nll_loss"] = c => c.X.GaussianNllLoss(
            c.Tensor(0, "target"), c.Tensor(1, "var"), c.Flag(2, "full"), c.Number(3, "eps", 1e-6), Reduction(c));
    }

    private static void Classes(OperatorTable table)
    {
        table["nn.functional.nll_loss"] = c => c.X.NllLoss(
            c.Tensor(0, "target"), c.TensorOrNull(1, "weight"), c.Int(-1, "ignore_index", -100), Reduction(c));
        table["nn.functional.cross_entropy"] = c => c.X.CrossEntropy(
            c.Tensor(0, "target"),
            c.TensorOrNull(1, "weight"),
            c.Int(-1, "ignore_index", -100),
            Reduction(c),
            c.Number(-1, "label_smoothing", 0));
        table["nn.functional.binary_cross_entropy"] = c => c.X.BinaryCrossEntropy(
            c.Tensor(0, "target"), c.TensorOrNull(1, "weight"), Reduction(c));
        table["nn.functional.binary_cross_entropy_with_logits"] = c => c.X.BinaryCrossEntropyWithLogits(
            c.Tensor(0, "target"), c.TensorOrNull(1, "weight"), Reduction(c), c.TensorOrNull(-1, "pos_weight"));
        table["nn.functional.multilabel_soft_margin_loss"] = c => c.X.MultilabelSoftMarginLoss(
            c.Tensor(0, "target"), c.TensorOrNull(1, "weight"), Reduction(c));
        table["nn.functional.ctc_loss"] = c => c.X.CtcLoss(
            c.Tensor(0, "targets"),
            Lengths(c, 1, "input_lengths"),
            Lengths(c, 2, "target_lengths"),
            c.Int(3, "blank", 0),
            Reduction(c),
            c.Flag(-1, "zero_infinity"));
    }

    private static void Margins(OperatorTable table)
    {
        table["nn.functional.soft_margin_loss"] = c => c.X.SoftMarginLoss(c.Tensor(0, "target"), Reduction(c));
        table["nn.functional.hinge_embedding_loss"] = c => c.X.HingeEmbeddingLoss(c.Tensor(0, "target"), c.Number(1, "margin", 1), Reduction(c));
        table["nn.functional.margin_ranking_loss"] = c => c.X.MarginRankingLoss(
            c.Tensor(0, "input2"), c.Tensor(1, "target"), c.Number(2, "margin", 0), Reduction(c));
        table["nn.functional.cosine_embedding_loss"] = c => c.X.CosineEmbeddingLoss(
            c.Tensor(0, "input2"), c.Tensor(1, "target"), c.Number(2, "margin", 0), Reduction(c));
        table["nn.functional.triplet_margin_loss"] = c => c.X.TripletMarginLoss(
            c.Tensor(0, "positive"),
            c.Tensor(1, "negative"),
            c.Number(2, "margin", 1),
            c.Number(3, "p", 2),
            c.Number(4, "eps", 1e-6),
            c.Flag(5, "swap"),
            Reduction(c));
        table["nn.functional.triplet_margin_with_distance_loss"] = c => c.X.TripletMarginWithDistanceLoss(
            c.Tensor(0, "positive"), c.Tensor(1, "negative"), null, c.Number(-1, "margin", 1), c.Flag(-1, "swap"), Reduction(c));
        table["nn.functional.multi_margin_loss"] = c => c.X.MultiMarginLoss(
            c.Tensor(0, "target"), c.Int(1, "p", 1), c.Number(2, "margin", 1), c.TensorOrNull(3, "weight"), Reduction(c));
        table["nn.functional.multilabel_margin_loss"] = c => c.X.MultilabelMarginLoss(c.Tensor(0, "target"), Reduction(c));
    }

    /// <summary>Lengths, which PyTorch takes as a tensor or as a tuple.</summary>
    private static Tensor Lengths(Call c, int place, string name) =>
        c.Get(place, name) is Tensor tensor ? tensor : Tensor.FromArray(Array.ConvertAll(c.Ints(place, name), length => (long)length));

    private static LossReduction Reduction(Call c) => c.Text(-1, "reduction") switch
    {
        null or "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "none" => LossReduction.None,
        "batchmean" => LossReduction.BatchMean,
        var other => throw new FormatException($"'{other}' is no reduction"),
    };
}
