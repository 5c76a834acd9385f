using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Losses.</summary>
internal static class LossModules
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["L1Loss"] = (c, _) => new L.L1Loss(Reduction(c));
        table["MSELoss"] = (c, _) => new L.MSELoss(Reduction(c));
        table["SmoothL1Loss"] = (c, _) => new L.SmoothL1Loss(Reduction(c), c.Number(-1, "beta", 1));
        table["HuberLoss"] = (c, _) => new L.HuberLoss(Reduction(c), c.Number(-1, "delta", 1));
        table["BCELoss"] = (c, _) => new L.BCELoss(c.TensorOrNull(-1, "weight"), Reduction(c));
        table["BCEWithLogitsLoss"] = (c, _) => new L.BCEWithLogitsLoss(
            c.TensorOrNull(-1, "weight"), Reduction(c), c.TensorOrNull(-1, "pos_weight"));
        table["NLLLoss"] = (c, _) => new L.NLLLoss(c.TensorOrNull(-1, "weight"), c.Int(-1, "ignore_index", -100), Reduction(c));
        table["CrossEntropyLoss"] = (c, _) => new L.CrossEntropyLoss(
            c.TensorOrNull(-1, "weight"), c.Int(-1, "ignore_index", -100), Reduction(c), c.Number(-1, "label_smoothing", 0));
        table["KLDivLoss"] = (c, _) => new L.KLDivLoss(Reduction(c), c.Flag(-1, "log_target"));
        table["PoissonNLLLoss"] = (c, _) => new L.PoissonNLLLoss(
            c.Flag(-1, "log_input", true), c.Flag(-1, "full"), c.Number(-1, "eps", 1e-8), Reduction(c));
        table["GaussianNLLLoss"] = (c, _) => new L.GaussianNLLLoss(c.Flag(-1, "full"), c.Number(-1, "eps", 1e-6), Reduction(c));
        table["HingeEmbeddingLoss"] = (c, _) => new L.HingeEmbeddingLoss(c.Number(-1, "margin", 1), Reduction(c));
        table["SoftMarginLoss"] = (c, _) => new L.SoftMarginLoss(Reduction(c));
        table["MarginRankingLoss"] = (c, _) => new L.MarginRankingLoss(c.Number(-1, "margin", 0), Reduction(c));
        table["CosineEmbeddingLoss"] = (c, _) => new L.CosineEmbeddingLoss(c.Number(-1, "margin", 0), Reduction(c));
        table["TripletMarginLoss"] = (c, _) => new L.TripletMarginLoss(
            c.Number(-1, "margin", 1), c.Number(-1, "p", 2), c.Number(-1, "eps", 1e-6), c.Flag(-1, "swap"), Reduction(c));
        table["TripletMarginWithDistanceLoss"] = (c, _) => new L.TripletMarginWithDistanceLoss(
            null, c.Number(-1, "margin", 1), c.Flag(-1, "swap"), Reduction(c));
        table["MultiMarginLoss"] = (c, _) => new L.MultiMarginLoss(
            c.Int(-1, "p", 1), c.Number(-1, "margin", 1), c.TensorOrNull(-1, "weight"), Reduction(c));
        table["MultiLabelMarginLoss"] = (c, _) => new L.MultiLabelMarginLoss(Reduction(c));
        table["MultiLabelSoftMarginLoss"] = (c, _) => new L.MultiLabelSoftMarginLoss(c.TensorOrNull(-1, "weight"), Reduction(c));
        table["CTCLoss"] = (c, _) => new L.CTCLoss(c.Int(-1, "blank", 0), Reduction(c), c.Flag(-1, "zero_infinity"));
    }

    /// <summary>A loss as one tensor in an array; null if the module is none.</summary>
    public static Tensor[]? Forward(L.Module module, Func<int, Tensor> at)
    {
        var loss = module switch
        {
            L.L1Loss l => l.Forward(at(0), at(1)),
            L.MSELoss l => l.Forward(at(0), at(1)),
            L.SmoothL1Loss l => l.Forward(at(0), at(1)),
            L.HuberLoss l => l.Forward(at(0), at(1)),
            L.BCELoss l => l.Forward(at(0), at(1)),
            L.BCEWithLogitsLoss l => l.Forward(at(0), at(1)),
            L.NLLLoss l => l.Forward(at(0), at(1)),
            L.CrossEntropyLoss l => l.Forward(at(0), at(1)),
            L.KLDivLoss l => l.Forward(at(0), at(1)),
            L.PoissonNLLLoss l => l.Forward(at(0), at(1)),
            L.GaussianNLLLoss l => l.Forward(at(0), at(1), at(2)),
            L.HingeEmbeddingLoss l => l.Forward(at(0), at(1)),
            L.SoftMarginLoss l => l.Forward(at(0), at(1)),
            L.MarginRankingLoss l => l.Forward(at(0), at(1), at(2)),
            L.CosineEmbeddingLoss l => l.Forward(at(0), at(1), at(2)),
            L.TripletMarginLoss l => l.Forward(at(0), at(1), at(2)),
            L.TripletMarginWithDistanceLoss l => l.Forward(at(0), at(1), at(2)),
            L.MultiMarginLoss l => l.Forward(at(0), at(1)),
            L.MultiLabelMarginLoss l => l.Forward(at(0), at(1)),
            L.MultiLabelSoftMarginLoss l => l.Forward(at(0), at(1)),
            L.CTCLoss l => l.Forward(at(0), at(1), at(2), at(3)),
            _ => null,
        };
        return loss is null ? null : [loss];
    }

    private static LossReduction Reduction(Call c) => Enum.Parse<LossReduction>(c.Text(-1, "reduction") ?? "mean", ignoreCase: true);
}
