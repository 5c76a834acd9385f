using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Losses.</summary>
internal static class Losses
{
    public static void Add(OperatorTable table)
    {
        table["nn.functional.nll_loss"] = c => c.X.NllLoss(
            c.Tensor(0, "target"), c.TensorOrNull(1, "weight"), c.Int(-1, "ignore_index", -100), Reduction(c));
        table["nn.functional.cross_entropy"] = c => c.X.CrossEntropy(
            c.Tensor(0, "target"),
            c.TensorOrNull(1, "weight"),
            c.Int(-1, "ignore_index", -100),
            Reduction(c),
            c.Number(-1, "label_smoothing", 0));
    }

    private static LossReduction Reduction(Call c) => c.Text(-1, "reduction") switch
    {
        null or "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "none" => LossReduction.None,
        var other => throw new FormatException($"'{other}' is no reduction"),
    };
}
