using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators over dimensions: sums, extremes, norms, softmax.</summary>
internal static class Reductions
{
    public static void Add(OperatorTable table)
    {
        table["sum"] = c => c.Has(0, "dim") || c.Flag(1, "keepdim")
            ? c.X.Sum(c.Ints(0, "dim"), c.Flag(1, "keepdim"), c.DTypeOrNull())
            : c.X.Sum(c.DTypeOrNull());
        table["mean"] = c => c.Has(0, "dim") || c.Flag(1, "keepdim")
            ? c.X.Mean(c.Ints(0, "dim"), c.Flag(1, "keepdim"), c.DTypeOrNull())
            : c.X.Mean(c.DTypeOrNull());
        table["nansum"] = c => c.X.NanSum(c.Ints(0, "dim"), c.Flag(1, "keepdim"), c.DTypeOrNull());
        table["nanmean"] = c => c.X.NanMean(c.Ints(0, "dim"), c.Flag(1, "keepdim"), c.DTypeOrNull());
        table["prod"] = c => c.Has(0, "dim")
            ? c.X.Prod(c.Int(0, "dim"), c.Flag(1, "keepdim"), c.DTypeOrNull())
            : c.X.Prod(c.DTypeOrNull());
        table["count_nonzero"] = c => c.X.CountNonzero(c.Ints(0, "dim"));
        table["segment_reduce:lengths"] = SegmentReduce;
        table["segment_reduce:offsets"] = SegmentReduce;
        table["cov"] = c => c.X.Cov(c.Int(0, "correction", 1), c.TensorOrNull(1, "fweights"), c.TensorOrNull(2, "aweights"));
        table["corrcoef"] = c => c.X.Corrcoef();
        table["sum_to_size"] = c => c.X.SumToSize(c.Rest(0, "size"));
        table["var"] = c => IsOverDims(c) ? c.X.Var(Dims(c), Correction(c), c.Flag(2, "keepdim")) : c.X.Var(Correction(c) != 0);
        table["std"] = c => IsOverDims(c) ? c.X.Std(Dims(c), Correction(c), c.Flag(2, "keepdim")) : c.X.Std(Correction(c) != 0);
        table["var_mean"] = c => c.X.VarMean(Dims(c), Correction(c), c.Flag(2, "keepdim"));
        table["std_mean"] = c => c.X.StdMean(Dims(c), Correction(c), c.Flag(2, "keepdim"));
        Extremes(table);
        Norms(table);
        Softmaxes(table);
    }

    /// <summary>Segments are always checked, so it is immaterial whether that is asked for.</summary>
    private static Outputs SegmentReduce(Call c)
    {
        _ = c.Flag(-1, "unsafe");
        return c.X.SegmentReduce(
            Enum.Parse<SegmentReduction>(c.Text(0, "reduce")!, ignoreCase: true),
            c.TensorOrNull(-1, "lengths"),
            c.TensorOrNull(-1, "offsets"),
            c.Int(-1, "axis", 0),
            c.Get(-1, "initial") is null ? null : c.Number(-1, "initial", 0));
    }

    /// <summary>Whether dimensions are named; a lone truth value is not a dimension.</summary>
    private static bool Named(Call c) => c.Get(0, "dim") is not (null or bool);

    /// <summary>Whether it is the form that takes dimensions, be they all.</summary>
    private static bool IsOverDims(Call c) => Named(c) || c.Has(-1, "correction") || c.Flag(2, "keepdim");

    /// <summary>The dimensions; none stands for all.</summary>
    private static int[] Dims(Call c) => Named(c) ? c.Ints(0, "dim") : [];

    private static double Correction(Call c)
    {
        var unbiased = c.Get(0, "dim") is bool first ? first : c.Flag(1, "unbiased", true);
        return c.Number(-1, "correction", unbiased ? 1 : 0);
    }

    private static void Extremes(OperatorTable table)
    {
        table["amax"] = c => c.X.Amax(c.Ints(0, "dim"), c.Flag(1, "keepdim"));
        table["amin"] = c => c.X.Amin(c.Ints(0, "dim"), c.Flag(1, "keepdim"));
        table["aminmax"] = c => c.Has(0, "dim") ? c.X.AminMax(c.Int(0, "dim"), c.Flag(1, "keepdim")) : c.X.AminMax(c.Flag(1, "keepdim"));
        table["argmax"] = c => c.Has(0, "dim") ? c.X.Argmax(c.Int(0, "dim"), c.Flag(1, "keepdim")) : c.X.Argmax(c.Flag(1, "keepdim"));
        table["argmin"] = c => c.Has(0, "dim") ? c.X.Argmin(c.Int(0, "dim"), c.Flag(1, "keepdim")) : c.X.Argmin(c.Flag(1, "keepdim"));
        table["max:reduction_no_dim"] = c => c.X.Max();
        table["max:reduction_with_dim"] = c => c.X.Max(c.Int(0, "dim"), c.Flag(1, "keepdim"));
        table["min:reduction_no_dim"] = c => c.X.Min();
        table["min:reduction_with_dim"] = c => c.X.Min(c.Int(0, "dim"), c.Flag(1, "keepdim"));
    }

    private static void Norms(OperatorTable table)
    {
        table["linalg.vector_norm"] = c =>
            c.X.Norm(c.Number(0, "ord", 2), c.Ints(1, "dim"), c.Flag(2, "keepdim"));
        table["norm"] = Norm;
        table["norm:fro"] = Norm;
        table["norm:inf"] = Norm;
        table["renorm"] = c => c.X.Renorm(c.Number(0, "p", 2), c.Int(1, "dim"), c.Number(2, "maxnorm", 0));
        static Outputs Norm(Call c)
        {
            var order = c.Get(0, "p") is "fro" ? 2 : c.Number(0, "p", 2);
            return c.X.Norm(order, c.Ints(1, "dim"), c.Flag(2, "keepdim"));
        }
    }

    private static void Softmaxes(OperatorTable table)
    {
        table["logsumexp"] = c => c.X.LogSumExp(c.Ints(0, "dim"), c.Flag(1, "keepdim"));
        table["log_softmax"] = c => c.X.LogSoftmax(c.Int(0, "dim"), c.DTypeOrNull(1));
        table["log_softmax:dtype"] = c => c.X.LogSoftmax(c.Int(0, "dim"), c.DTypeOrNull(1));
        table["softmax"] = c => c.X.Softmax(c.Int(0, "dim"), c.DTypeOrNull(1));
        table["softmax:with_dtype"] = c => c.X.Softmax(c.Int(0, "dim"), c.DTypeOrNull(1));
        table["nn.functional.softmin"] = c => c.X.Softmin(c.Int(0, "dim"), c.DTypeOrNull(1));
        table["nn.functional.softmin:with_dtype"] = c => c.X.Softmin(c.Int(0, "dim"), c.DTypeOrNull(1));
    }
}
