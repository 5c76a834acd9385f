using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that order elements, pick them by their order, or search among them.</summary>
internal static class Orders
{
    public static void Add(OperatorTable table)
    {
        table["sort"] = c => c.X.Sort(c.Int(0, "dim", -1), c.Flag(1, "descending"), c.Flag(2, "stable"));
        table["argsort"] = c => c.X.ArgSort(c.Int(0, "dim", -1), c.Flag(1, "descending"), c.Flag(-1, "stable"));
        table["msort"] = c => c.X.MSort();
        table["topk"] = c => c.X.TopK(c.Int(0, "k"), c.Int(1, "dim", -1), c.Flag(2, "largest", true), c.Flag(3, "sorted", true));
        table["kthvalue"] = c => c.X.KthValue(c.Int(0, "k"), c.Int(1, "dim", -1), c.Flag(2, "keepdim"));
        table["mode"] = c => c.X.Mode(c.Int(0, "dim", -1), c.Flag(1, "keepdim"));
        table["median"] = c => c.Has(0, "dim") ? c.X.Median(c.Int(0, "dim"), c.Flag(1, "keepdim")) : c.X.Median();
        table["nanmedian"] = c => c.Has(0, "dim") ? c.X.NanMedian(c.Int(0, "dim"), c.Flag(1, "keepdim")) : c.X.NanMedian();
        table["quantile"] = c => c.X.Quantile(c.Tensor(0, "q"), c.IntOrNull(1, "dim"), c.Flag(2, "keepdim"), Interpolation(c));
        table["nanquantile"] = c => c.X.NanQuantile(c.Tensor(0, "q"), c.IntOrNull(1, "dim"), c.Flag(2, "keepdim"), Interpolation(c));
        table["unique"] = c => c.X.Unique(
            c.Flag(0, "sorted", true), c.Flag(1, "return_inverse"), c.Flag(2, "return_counts"), c.IntOrNull(3, "dim"));
        table["unique_consecutive"] = c => c.X.UniqueConsecutive(c.Flag(0, "return_inverse"), c.Flag(1, "return_counts"), c.IntOrNull(2, "dim"));
        table["isin"] = c => c.X.IsIn(c.Tensor(0), c.Flag(-1, "assume_unique"), c.Flag(-1, "invert"));
        table["bucketize"] = c => c.X.Bucketize(c.Tensor(0), c.Flag(-1, "out_int32"), c.Flag(-1, "right"));
        table["searchsorted"] = c => c.X.SearchSorted(
            c.Tensor(0), c.Flag(-1, "out_int32"), c.Flag(-1, "right") || c.Text(-1, "side") == "right", c.TensorOrNull(-1, "sorter"));
    }

    private static QuantileInterpolation Interpolation(Call c) =>
        Enum.Parse<QuantileInterpolation>(c.Text(-1, "interpolation") ?? "linear", ignoreCase: true);
}
