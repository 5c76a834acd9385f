using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Products of matrices and vectors. Contractions of other forms are made of these.</summary>
internal static class ContractionForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        foreach (var name in (string[])["Mm", "Bmm", "Mv", "Dot"])
        {
            table.Add(name, call => Added(call, call.Emit("MatMul", call.In(0, call.Y.DType), call.In(1, call.Y.DType))));
        }

        table.Add("LinearMap", call => call.Emit("Gemm", call.All(), ("transB", 1L)));
        table.Add("VecDot", call => Added(call, call.Emit(
            "ReduceSum",
            [call.Emit("Mul", call.In(0), call.In(1)), call.To.Wholes(Math.Max(call.Inputs[0].Rank, call.Inputs[1].Rank) + call.Int("dim"))],
            ("keepdims", 0L))));
        table.Add("Cross", call =>
        {
            // Each component is the difference of two products of the other two.
            var dim = call.Int("dim");
            string Turned(string x, int by) => call.Emit(
                "Gather", [x, call.To.Wholes((0 + by) % 3, (1 + by) % 3, (2 + by) % 3)], ("axis", (long)dim));
            var (x, y) = (call.In(0), call.In(1));
            return call.Emit("Sub", call.Emit("Mul", Turned(x, 1), Turned(y, 2)), call.Emit("Mul", Turned(x, 2), Turned(y, 1)));
        });
    }

    private static string Added(FormCall call, string product) =>
        call.Inputs.Count > 2 ? call.Emit("Add", product, call.In(2, call.Y.DType)) : product;
}
