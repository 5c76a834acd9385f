using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that go along a dimension: scans, differences, integrals.</summary>
internal static class Scans
{
    public static void Add(OperatorTable table)
    {
        table["cumsum"] = c => c.X.CumSum(c.Int(0, "dim"), c.DTypeOrNull());
        table["cumprod"] = c => c.X.CumProd(c.Int(0, "dim"), c.DTypeOrNull());
        table["logcumsumexp"] = c => c.X.LogCumSumExp(c.Int(0, "dim"));
        table["cummax"] = c => c.X.CumMax(c.Int(0, "dim"));
        table["cummin"] = c => c.X.CumMin(c.Int(0, "dim"));
        table["diff"] = c => c.X.Diff(c.Int(0, "n", 1), c.Int(1, "dim", -1), c.TensorOrNull(2, "prepend"), c.TensorOrNull(3, "append"));
        table["gradient"] = Gradient;
        table["trapezoid"] = Trapezoid;
        table["trapz"] = Trapezoid;
        table["cumulative_trapezoid"] = c => c.TensorOrNull(0, "x") is { } x
            ? c.X.CumulativeTrapezoid(x, c.Int(-1, "dim", -1))
            : c.X.CumulativeTrapezoid(c.Number(-1, "dx", 1), c.Int(-1, "dim", -1));
    }

    private static Outputs Trapezoid(Call c) => c.TensorOrNull(0, "x") is { } x
        ? c.X.Trapezoid(x, c.Int(-1, "dim", -1))
        : c.X.Trapezoid(c.Number(-1, "dx", 1), c.Int(-1, "dim", -1));

    private static Outputs Gradient(Call c)
    {
        var (dims, order) = (c.Ints(-1, "dim"), c.Int(-1, "edge_order", 1));
        return Call.Several(c.Get(-1, "spacing")) switch
        {
            null => c.X.Gradient(c.Number(-1, "spacing", 1), dims, order),
            [Tensor, ..] points => c.X.Gradient([.. points.Cast<Tensor>()], dims, order),
            var distances => c.X.Gradient((double[])[.. distances.Select(distance => Call.AsTensor(distance).Item())], dims, order),
        };
    }
}
