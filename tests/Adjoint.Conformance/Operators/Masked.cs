using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that leave out what a mask does not hold for.</summary>
internal static class Masked
{
    public static void Add(OperatorTable table)
    {
        table["masked.sum"] = c => c.X.MaskedSum(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.prod"] = c => c.X.MaskedProd(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.mean"] = c => c.X.MaskedMean(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.amax"] = c => c.X.MaskedAmax(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.amin"] = c => c.X.MaskedAmin(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.argmax"] = c => c.X.MaskedArgmax(c.IntOrNull(0, "dim"), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.argmin"] = c => c.X.MaskedArgmin(c.IntOrNull(0, "dim"), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.median"] = c => c.X.MaskedMedian(c.Int(0, "dim", -1), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.norm"] = c => c.X.MaskedNorm(c.Number(0, "ord", 2), c.Ints(1, "dim"), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.normalize"] = c => c.X.MaskedNormalize(
            c.Number(0, "ord", 2), c.Int(1, "dim"), c.Number(-1, "eps", 1e-12), c.DTypeOrNull(), Mask(c));
        table["masked.var"] = c => c.X.MaskedVar(Dims(c), c.Flag(1, "unbiased", true), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.std"] = c => c.X.MaskedStd(Dims(c), c.Flag(1, "unbiased", true), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.softmax"] = c => c.X.MaskedSoftmax(c.Int(0, "dim"), c.DTypeOrNull(), Mask(c));
        table["masked.log_softmax"] = c => c.X.MaskedLogSoftmax(c.Int(0, "dim"), c.DTypeOrNull(), Mask(c));
        table["masked.softmin"] = c => c.X.MaskedSoftmin(c.Int(0, "dim"), c.DTypeOrNull(), Mask(c));
        table["masked.logsumexp"] = c => c.X.MaskedLogSumExp(Dims(c), Keeps(c), c.DTypeOrNull(), Mask(c));
        table["masked.logaddexp"] = c => c.X.MaskedLogAddExp(
            c.Tensor(0), c.DTypeOrNull(), c.TensorOrNull(-1, "input_mask"), c.TensorOrNull(-1, "other_mask"));
        table["masked.cumsum"] = c => c.X.MaskedCumSum(c.Int(0, "dim"), c.DTypeOrNull(), Mask(c));
        table["masked.cumprod"] = c => c.X.MaskedCumProd(c.Int(0, "dim"), c.DTypeOrNull(), Mask(c));
    }

    private static int[] Dims(Call c) => c.Ints(0, "dim");

    private static bool Keeps(Call c) => c.Flag(-1, "keepdim");

    private static Tensor? Mask(Call c) => c.TensorOrNull(-1, "mask");
}
