using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Comparisons, logic, and bits.</summary>
internal static class ComparisonForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        foreach (var (name, type) in ((string, string)[])
            [("Eq", "Equal"), ("Lt", "Less"), ("Le", "LessOrEqual"), ("Gt", "Greater"), ("Ge", "GreaterOrEqual")])
        {
            table.Add(name, call => Given(call, Compared(call, type)));
        }

        table.Add("Ne", call => Given(call, call.Emit("Not", Compared(call, "Equal"))));
        foreach (var name in (string[])["And", "Or", "Xor"])
        {
            table.Add("Logical" + name, call => Given(call, call.Emit(name, call.All(DType.Bool))));
            table.Add("Bitwise" + name, call => call.Y.DType == DType.Bool
                ? call.Emit(name, call.All(DType.Bool))
                : call.Emit("Bitwise" + name, call.All(call.Y.DType)));
        }

        table.Add("IsOfSize", call => call.Emit("IsInf", call.In(0)));
        table.Add("IsWithin", call => call.Emit("Not", call.Emit("Or", call.Emit("IsInf", call.In(0)), call.Emit("IsNaN", call.In(0)))));
        table.Add("Always", call => call.Emit("Or", Compared(call, "Equal"), call.Emit("Not", Compared(call, "Equal"))));
        table.Add("Never", call => call.Emit("And", Compared(call, "Equal"), call.Emit("Not", Compared(call, "Equal"))));
    }

    /// <summary>A truth value in the dtype that the operator gives it in.</summary>
    private static string Given(FormCall call, string truth) => call.Y.DType == DType.Bool ? truth : call.To.Cast(truth, call.Y.DType);

    private static string Compared(FormCall call, string type)
    {
        var (x, y) = (call.Inputs[0], call.Inputs[^1]);

        // A number without dimensions takes the dtype of what it is compared with, if that is of its kind.
        var dtype = Yields(x, y) ? y.DType : Yields(y, x) ? x.DType : DType.Promote(x.DType, y.DType);
        dtype = dtype == DType.Bool ? DType.Int32 : dtype.IsInteger && dtype.ItemSize < 4 ? DType.Int32 : dtype;
        return call.Emit(type, call.In(0, dtype), call.In(call.Inputs.Count - 1, dtype));
    }

    private static bool Yields(Value x, Value y) => x.Rank == 0 && (y.Rank > 0 || x.Constant is not null) && Kind(x.DType) <= Kind(y.DType);

    private static int Kind(DType dtype) => dtype.IsFloatingPoint ? 2 : dtype.IsInteger ? 1 : 0;
}
