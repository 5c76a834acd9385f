using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Sums and other reductions, and scans.</summary>
internal static class ReductionForms
{
    private const int MostUnrolled = 64;

    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        foreach (var (name, type) in ((string, string)[])
            [("Sum", "ReduceSum"), ("Mean", "ReduceMean"), ("Amax", "ReduceMax"), ("Amin", "ReduceMin"), ("Prod", "ReduceProd"),
             ("LogSumExp", "ReduceLogSumExp"), ("Norm2", "ReduceL2")])
        {
            table.Add(name, call => Reduced(call, type, call.In(0, call.Y.DType)));
        }

        table.Add("Nansum", call => Reduced(
            call, "ReduceSum", call.Emit("Where", call.Emit("IsNaN", call.In(0)), call.Number(0), call.In(0))));
        table.Add("Norm0", call => Reduced(
            call, "ReduceSum", call.To.Cast(call.Emit("Not", call.Emit("Equal", call.In(0), call.Number(0))), call.Y.DType)));
        table.Add("NormInfinity", call => Reduced(
            call, call.Bool("largest") ? "ReduceMax" : "ReduceMin", call.Emit("Abs", call.In(0, call.Y.DType))));
        table.Add("NormP", call => call.Double("p") == 1
            ? Reduced(call, "ReduceL1", call.In(0, call.Y.DType))
            : call.Emit(
                "Pow",
                Reduced(call, "ReduceSum", call.Emit("Pow", call.Emit("Abs", call.In(0, call.Y.DType)), call.Number(call.Double("p")))),
                call.Number(1 / call.Double("p"))));
        table.Add("Var", call => Variance(call, call.Bool("keepDim")));
        table.Add("Std", call => call.Emit("Sqrt", Variance(call, call.Bool("keepDim"))));
        table.AddMany("VarMean", call =>
        {
            var variance = Variance(call, call.Bool("keepDim"));
            return [call.Bool("root") ? call.Emit("Sqrt", variance) : variance, Reduced(call, "ReduceMean", call.In(0))];
        });
        table.AddMany("Aminmax", call => [Reduced(call, "ReduceMin", call.In(0)), Reduced(call, "ReduceMax", call.In(0))]);
        table.Add("ExtremePosition", call => call.Emit(
            call.Bool("largest") ? "ArgMax" : "ArgMin",
            [call.To.Source(call.In(0))],
            ("axis", (long)call.Int("dim")),
            ("keepdims", call.Bool("keepDim") ? 1L : 0)));
        table.Add("Truths", call =>
        {
            // Truth values are neither added nor compared in ONNX.
            var whole = call.To.Cast(call.In(0, DType.Bool), DType.Int32);
            var reduced = Reduced(call, call.Bool("all") ? "ReduceMin" : "ReduceMax", whole);
            return call.To.Cast(call.To.Cast(reduced, DType.Bool), call.Y.DType);
        });
        table.Add("Softmax", call => Rows(call, "Softmax"));
        table.Add("LogSoftmax", call => Rows(call, "LogSoftmax"));
        table.Add("Cumsum", call => call.Emit("CumSum", call.In(0, call.Y.DType), call.To.Whole(call.Int("dim"))));
        table.Add("Cumprod", call => Unrolled(call, call.Int("dim"), "Mul"));
        table.Add("Logcumsumexp", call =>
        {
            var x = call.In(0, call.Y.DType);
            var most = call.Emit("ReduceMax", [x, call.To.Wholes(call.Int("dim"))], ("keepdims", 1L));
            var sums = call.Emit("CumSum", call.Emit("Exp", call.Emit("Sub", x, most)), call.To.Whole(call.Int("dim")));
            return call.Emit("Add", call.Emit("Log", sums), most);
        });
        table.Add("Trace", call =>
        {
            var (rows, columns) = (call.X.Sizes[0].Fixed, call.X.Sizes[1].Fixed);
            var places = Enumerable.Range(0, Math.Min(rows, columns)).Select(i => (long)i * (columns + 1));
            var picked = call.Emit("Gather", [call.Emit("Reshape", call.In(0), call.To.Wholes(-1)), call.To.Wholes([.. places])], ("axis", 0L));
            return call.Emit("ReduceSum", [picked, call.To.Wholes(0)], ("keepdims", 0L));
        });
    }

    private static string Reduced(FormCall call, string type, string x, bool? keeps = null)
    {
        var dims = call.Ints("dim");
        return dims.Length == 0
            ? call.Emit(type, [x], ("keepdims", keeps ?? call.Bool("keepDim") ? 1L : 0), ("noop_with_empty_axes", call.X.Rank == 0 ? 0L : 1))
            : call.Emit(type, [x, call.To.Wholes([.. dims.Select(dim => (long)dim)])], ("keepdims", keeps ?? call.Bool("keepDim") ? 1L : 0));
    }

    private static string Variance(FormCall call, bool keeps)
    {
        var x = call.In(0);
        var apart = call.Emit("Sub", x, Reduced(call, "ReduceMean", x, keeps: true));
        var sum = Reduced(call, "ReduceSum", call.Emit("Mul", apart, apart), keeps);
        return call.Emit("Div", sum, Count(call, call.Double("correction")));
    }

    /// <summary>How many elements are reduced, less a correction and not below zero.</summary>
    private static string Count(FormCall call, double correction)
    {
        var dims = call.Ints("dim");
        var sizes = (dims.Length == 0 ? Enumerable.Range(0, call.X.Rank) : dims).Select(dim => call.X.Sizes[dim]).ToArray();
        var known = sizes.Where(size => size.IsFixed).Aggregate(1.0, (product, size) => product * size.Offset);
        if (sizes.All(size => size.IsFixed))
        {
            return call.Number(Math.Max(known - correction, 0));
        }

        var product = call.Emit("ReduceProd", [call.To.Sizes([.. sizes.Where(size => !size.IsFixed)]), call.To.Wholes(0)], ("keepdims", 0L));
        var count = call.Emit("Mul", call.To.Cast(product, call.Y.DType), call.Number(known));
        return call.Emit("Max", call.Emit("Sub", count, call.Number(correction)), call.Number(0));
    }

    private static string? Rows(FormCall call, string type)
    {
        if (call.X.Rank == 0)
        {
            return null;
        }

        return call.Ints("dim") is [var dim] ? call.Emit(type, [call.In(0, call.Y.DType)], ("axis", (long)dim)) : null;
    }

    /// <summary>A scan step by step, over few elements.</summary>
    private static string? Unrolled(FormCall call, int dim, string type)
    {
        if (call.X.Rank == 0)
        {
            return call.In(0, call.Y.DType);
        }

        if (!call.X.Sizes[dim].IsFixed || call.X.Sizes[dim].Fixed is 0 or > MostUnrolled)
        {
            return null;
        }

        var parts = new string[call.X.Sizes[dim].Fixed];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = call.Emit("Gather", [call.In(0, call.Y.DType), call.To.Wholes(i)], ("axis", (long)dim));
            parts[i] = i == 0 ? part : call.Emit(type, parts[i - 1], part);
        }

        return call.Emit("Concat", parts, ("axis", (long)dim));
    }
}
