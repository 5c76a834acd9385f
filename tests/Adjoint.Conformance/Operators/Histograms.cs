using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Counts of elements.</summary>
internal static class Histograms
{
    public static void Add(OperatorTable table)
    {
        table["histc"] = c => c.X.Histc(c.Int(0, "bins", 100), c.Number(1, "min", 0), c.Number(2, "max", 0));
        table["bincount"] = c => c.X.Bincount(c.TensorOrNull(0, "weights"), c.Int(1, "minlength", 0));
        table["histogram"] = c => c.Get(0, "bins") is Tensor edges
            ? c.X.Histogram(edges, c.TensorOrNull(-1, "weight"), c.Flag(-1, "density"))
            : c.X.Histogram(
                c.Int(0, "bins"), Range(c) is [var low, var high] ? (low, high) : null, c.TensorOrNull(-1, "weight"), c.Flag(-1, "density"));
        table["histogramdd"] = c => Call.Several(c.Get(0, "bins")) is [Tensor, ..] edges
            ? c.X.HistogramDD((Tensor[])[.. edges.Cast<Tensor>()], c.TensorOrNull(-1, "weight"), c.Flag(-1, "density"))
            : c.X.HistogramDD(c.Ints(0, "bins"), Range(c), c.TensorOrNull(-1, "weight"), c.Flag(-1, "density"));
    }

    private static double[]? Range(Call c) => Call.Several(c.Get(-1, "range")) is { } ends
        ? [.. ends.Select(end => Call.AsTensor(end).Item())]
        : null;
}
