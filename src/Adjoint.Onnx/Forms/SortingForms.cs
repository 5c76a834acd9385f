using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Elements in order, the first of them, and the ones at a place in that order.</summary>
internal static class SortingForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.AddMany("Sort", call => call.X.Rank == 0
            ? null
            : Sorted(call, call.In(0), call.Int("dim"), call.To.Sizes(call.X.Sizes[call.Int("dim")]), call.Bool("descending")));
        table.AddMany("Topk", call => call.X.Rank == 0
            ? null
            : Sorted(call, call.In(0), call.Int("dim"), call.To.Sizes(call.Extent("k")), call.Bool("largest")));
        table.AddMany("Kthvalue", call => call.X.Rank == 0 ? null : At(call, call.Int("k") - 1));
        table.AddMany("Median", call => call.X.Rank == 0 ? null : At(call, (call.X.Sizes[call.Int("dim")].Fixed - 1) / 2));
        table.Add("MedianOfAll", call =>
        {
            var count = call.X.Sizes.Aggregate(1, (product, size) => product * size.Fixed);
            var line = call.Emit("Reshape", call.In(0), call.To.Wholes(-1));
            var sorted = Sorted(call, line, 0, call.To.Wholes(count), largest: false)[0];
            return call.Reshape(call.Emit("Gather", [sorted, call.To.Whole((count - 1) / 2)], ("axis", 0L)), call.Y.Sizes);
        });
    }

    private static string[] Sorted(FormCall call, string x, int dim, string count, bool largest) => call.To.Emit(
        "TopK", [x, count], 2, ("axis", (long)dim), ("largest", largest ? 1L : 0), ("sorted", 1L));

    private static string[] At(FormCall call, int place)
    {
        var dim = call.Int("dim");
        var sorted = Sorted(call, call.In(0), dim, call.To.Sizes(call.X.Sizes[dim]), largest: false);
        var index = call.Bool("keepDim") ? call.To.Wholes(place) : call.To.Whole(place);
        return Array.ConvertAll(sorted, part => call.Emit("Gather", [part, index], ("axis", (long)dim)));
    }
}
