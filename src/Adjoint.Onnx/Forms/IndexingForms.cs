using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Elements at positions: taken, added, put in place.</summary>
internal static class IndexingForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("TakeAlong", call =>
        {
            var dim = call.Int("dim");
            if (call.X.Rank == 0)
            {
                return call.Reshape(call.Emit("Expand", call.In(0), call.To.Sizes(call.Inputs[1].Sizes)), call.Y.Sizes);
            }

            var taken = call.Emit("GatherElements", [call.In(0), call.In(1)], ("axis", (long)dim));
            return call.Bool("keepDim") ? taken : call.Emit("Squeeze", taken, call.To.Wholes(dim));
        });
        table.Add("TakeFlat", call => call.Emit("Gather", [Line(call, call.In(0)), call.In(1)], ("axis", 0L)));
        table.Add("EmbeddingRows", call => call.Emit("Gather", [call.In(0), call.In(1)], ("axis", 0L)));
        table.Add("IndexRows", IndexRows);
        table.Add("PutRows", PutRows);
        table.Add("PutAlong", call => Scattered(call, Zeros(call), 1, 0, "add"));
        table.Add("AddFlat", call => call.Reshape(
            call.Emit(
                "ScatterElements", [Line(call, Zeros(call)), Line(call, call.In(1)), Line(call, call.In(0))], ("axis", 0L), ("reduction", "add")),
            call.Y.Sizes));
        table.Add("PutFlat", call => call.Reshape(
            call.Emit(
                "ScatterElements",
                [Line(call, call.In(0)), Line(call, call.In(1)), Line(call, call.In(2))],
                ("axis", 0L),
                ("reduction", call.Bool("accumulate") ? "add" : "none")),
            call.Y.Sizes));
        table.Add("ScatterAdd", call => Scattered(call, call.In(0), 1, 2, "add"));
        table.Add("Scatter", call => Scattered(call, call.In(0), 1, 2, "none"));
        table.Add("ScatterReduce", ScatterReduce);
        table.Add("EraseAlong", call => call.X.Rank == 0 ? null : call.Emit(
            "ScatterElements",
            [call.In(0), call.In(1), call.Emit("Expand", call.Number(0), call.To.Sizes(call.Inputs[1].Sizes))],
            ("axis", (long)call.Int("dim")),
            ("reduction", "none")));
        table.Add("MaskedScatter", call =>
        {
            // The mask counts the values that it takes.
            var mask = call.Emit("Expand", call.In(1, DType.Bool), call.To.Sizes(call.Y.Sizes));
            var counted = call.Emit("CumSum", Line(call, call.To.Cast(mask, DType.Int64)), call.To.Whole(0));
            var places = call.Emit("Max", call.Emit("Sub", counted, call.To.Whole(1)), call.To.Whole(0));
            var taken = call.Reshape(call.Emit("Gather", [Line(call, call.In(2, call.Y.DType)), places], ("axis", 0L)), call.Y.Sizes);
            return PointwiseForms.Choose(call, mask, taken, call.In(0), call.Y.DType);
        });
        table.Add("FillMasked", call => PointwiseForms.Choose(
            call, call.In(1, DType.Bool), call.In(2, call.Y.DType), call.In(0), call.Y.DType));
    }

    private static string Line(FormCall call, string name) => call.Emit("Reshape", name, call.To.Wholes(-1));

    private static string Zeros(FormCall call) => call.Emit("Expand", call.Number(0), call.To.Sizes(call.Y.Sizes));

    /// <summary>Values written at positions along a dimension; as many of the values as there are positions.</summary>
    private static string? Scattered(FormCall call, string into, int positions, int values, string reduction)
    {
        if (call.Y.Rank == 0)
        {
            return null;
        }

        var from = Fitting(call, call.In(values, call.Y.DType), call.Inputs[values].Sizes, call.Inputs[positions].Sizes);
        return call.Emit(
            "ScatterElements", [into, call.In(positions), from], ("axis", (long)call.Int("dim")), ("reduction", reduction));
    }

    private static string Fitting(FormCall call, string values, Extent[] own, Extent[] wanted)
    {
        var dims = Enumerable.Range(0, own.Length).Where(dim => own[dim] != wanted[dim]).ToArray();
        return dims.Length == 0 ? values : call.Emit(
            "Slice",
            values,
            call.To.Wholes([.. dims.Select(_ => 0L)]),
            call.To.Sizes([.. dims.Select(dim => wanted[dim])]),
            call.To.Wholes([.. dims.Select(dim => (long)dim)]));
    }

    private static string? ScatterReduce(FormCall call)
    {
        var (reduction, includesSelf) = (call.Text("reduction"), call.Bool("includeSelf"));
        var type = reduction switch { "Sum" or "Mean" => "add", "Prod" => "mul", "Amax" => "max", "Amin" => "min", _ => null };
        if (type is null || call.Y.Rank == 0)
        {
            return null;
        }

        var into = call.In(0);
        string Full(double value) => call.Emit("Expand", call.Number(value), call.To.Sizes(call.Inputs[1].Sizes));
        string Put(string table, string values, string how) => call.Emit(
            "ScatterElements", [table, call.In(1), values], ("axis", (long)call.Int("dim")), ("reduction", how));
        if (!includesSelf)
        {
            into = type is "max" or "min" ? Scattered(call, into, 1, 2, "none")! : Put(into, Full(type == "mul" ? 1 : 0), "none");
        }

        var joined = Scattered(call, into, 1, 2, type);
        if (reduction != "Mean")
        {
            return joined;
        }

        var counts = Put(call.Emit("Expand", call.Number(includesSelf ? 1 : 0), call.To.Sizes(call.Y.Sizes)), Full(1), "add");
        return call.Emit("Div", joined!, call.Emit("Max", counts, call.Number(1)));
    }

    /// <summary>Rows of the covered dimensions as one, gathered, with the dimensions of the numbers moved to their place.</summary>
    private static string IndexRows(FormCall call)
    {
        var (dims, place) = (call.Ints("dims"), call.Int("place"));
        var (order, rest) = Order(call.X.Rank, dims);
        var rows = Rows(call, call.In(0), call.X.Sizes, dims, order, rest);
        var picked = call.Inputs[1].Rank;
        var taken = call.Emit("Gather", [rows, call.In(1)], ("axis", 0L));
        return call.Permute(taken, FromFront(call.Y.Rank, picked, place));
    }

    private static string PutRows(FormCall call)
    {
        var (dims, place) = (call.Ints("dims"), call.Int("place"));
        var (order, rest) = Order(call.X.Rank, dims);
        var rows = Rows(call, call.In(0), call.X.Sizes, dims, order, rest);
        var picked = call.Inputs[1].Rank;
        var values = call.Permute(call.In(2, call.Y.DType), ToFront(call.Inputs[2].Rank, picked, place));
        var put = call.Emit(
            "ScatterND",
            [rows, call.Emit("Unsqueeze", call.In(1), call.To.Wholes(-1)), values],
            ("reduction", call.Bool("accumulate") ? "add" : "none"));
        var back = new int[order.Length];
        for (var d = 0; d < order.Length; d++)
        {
            back[order[d]] = d;
        }

        return call.Permute(call.Reshape(put, [.. order.Select(dim => call.X.Sizes[dim])]), back);
    }

    private static string Rows(FormCall call, string x, Extent[] sizes, int[] dims, int[] order, int[] rest)
    {
        var ordered = call.Permute(x, order);
        return dims.Length == 1 ? ordered : call.Reshape(
            ordered, [dims.Aggregate((Extent)1, (product, dim) => Times(product, sizes[dim])), .. rest.Select(dim => sizes[dim])]);
    }

    private static Extent Times(Extent a, Extent b) => a.IsFixed ? b * a.Offset : a * b.Fixed;

    private static (int[] All, int[] Others) Order(int rank, int[] dims)
    {
        int[] rest = [.. Enumerable.Range(0, rank).Except(dims)];
        return ([.. dims, .. rest], rest);
    }

    private static int[] ToFront(int rank, int picked, int place) =>
        [.. Enumerable.Range(place, picked), .. Enumerable.Range(0, place), .. Enumerable.Range(place + picked, rank - place - picked)];

    private static int[] FromFront(int rank, int picked, int place)
    {
        var (order, back) = (ToFront(rank, picked, place), new int[rank]);
        for (var d = 0; d < rank; d++)
        {
            back[order[d]] = d;
        }

        return back;
    }
}
