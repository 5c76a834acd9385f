using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Views, copies and conversions: elements in other places, or other dtypes.</summary>
internal static class MovementForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        foreach (var name in (string[])["Alias", "Clone", "Positive", "Conj"])
        {
            table.Add(name, call => call.In(0));
        }

        foreach (var name in (string[])["Reshape", "Squeeze", "UnsafeView"])
        {
            table.Add(name, call => call.Reshape(call.In(0), call.Y.Sizes));
        }

        table.Add("ToCopy", call => call.In(0, call.Y.DType));
        table.Add("Permute", call => call.Permute(call.In(0), call.Ints("order")));
        table.Add("Expand", Expand);
        table.Add("Repeat", call =>
        {
            var repeats = call.Extents("repeats");
            Extent[] sizes = [.. Enumerable.Repeat((Extent)1, repeats.Length - call.X.Rank), .. call.X.Sizes];
            var x = repeats.Length > call.X.Rank ? call.Reshape(call.In(0), sizes) : call.In(0);
            return call.Emit("Tile", x, call.To.Sizes(repeats));
        });
        table.Add("Detach", call => call.To.Detach(call.In(0)));
        table.Add("Flip", call => Flipped(call, call.In(0), call.Ints("dims")));
        table.Add("Rot90", call =>
        {
            // Quarter turns: a reflection and a transposition, or two reflections.
            var (turns, dim0, dim1) = (((call.Int("k") % 4) + 4) % 4, call.Int("dim0"), call.Int("dim1"));
            int[] order = [.. Enumerable.Range(0, call.X.Rank)];
            (order[dim0], order[dim1]) = (dim1, dim0);
            return turns switch
            {
                0 => call.In(0),
                2 => Flipped(call, call.In(0), [dim0, dim1]),
                _ => call.Permute(Flipped(call, call.In(0), [turns == 1 ? dim1 : dim0]), order),
            };
        });
        table.Add("Roll", call =>
        {
            var (x, dims, shifts) = (call.In(0), call.Ints("dims"), call.Ints("shifts"));
            for (var i = 0; i < dims.Length; i++)
            {
                if (shifts[i] != 0)
                {
                    var (axis, cut) = (call.To.Wholes(dims[i]), call.To.Wholes(-shifts[i]));
                    x = call.Emit(
                        "Concat",
                        [
                            call.Emit("Slice", x, cut, call.To.Wholes(long.MaxValue), axis),
                            call.Emit("Slice", x, call.To.Wholes(0), cut, axis),
                        ],
                        ("axis", (long)dims[i]));
                }
            }

            return x;
        });
        table.Add("Triangle", call => call.X.DType == DType.Bool
            ? call.To.Cast(Triangle(call, call.In(0, DType.Int64)), DType.Bool)
            : Triangle(call, call.In(0)));
        table.Add("Diagonal", Diagonal);
        table.Add("DiagEmbed", DiagEmbed);
        table.Add("ConstantPad", ConstantPad);
        table.Add("PixelShuffle", call => Shuffled(call, call.Int("factor")));
        table.Add("PixelUnshuffle", call => Unshuffled(call, call.Int("factor")));
    }

    private static string Triangle(FormCall call, string x) =>
        call.Emit("Trilu", [x, call.To.Whole(call.Int("diagonal"))], ("upper", call.Bool("isUpper") ? 1L : 0));

    private static string Flipped(FormCall call, string x, int[] dims)
    {
        long[] All(long value) => [.. dims.Select(_ => value)];
        return dims.Length == 0 ? x : call.Emit(
            "Slice",
            x,
            call.To.Wholes(All(-1)),
            call.To.Wholes(All(-long.MaxValue)),
            call.To.Wholes([.. dims.Select(dim => (long)dim)]),
            call.To.Wholes(All(-1)));
    }

    private static string Expand(FormCall call)
    {
        // A size of one leaves a dimension as it is, so that most sizes need not be known.
        var sizes = call.Y.Sizes.ToArray();
        for (int d = sizes.Length - 1, own = call.X.Rank - 1; own >= 0; d--, own--)
        {
            sizes[d] = sizes[d] == call.X.Sizes[own] ? 1 : sizes[d];
        }

        return call.Emit("Expand", call.In(0), call.To.Sizes(sizes));
    }

    private static string Diagonal(FormCall call)
    {
        var (dim1, dim2, offset) = (call.Int("dim1"), call.Int("dim2"), call.Int("offset"));
        int[] others = [.. Enumerable.Range(0, call.X.Rank).Where(dim => dim != dim1 && dim != dim2)];
        var columns = call.X.Sizes[dim2].Fixed;
        var flat = call.Reshape(
            call.Permute(call.In(0), [.. others, dim1, dim2]),
            [.. others.Select(dim => call.X.Sizes[dim]), call.X.Sizes[dim1].Fixed * columns]);
        var first = offset >= 0 ? offset : -(long)offset * columns;
        var places = Enumerable.Range(0, call.Y.Sizes[^1].Fixed).Select(i => first + ((long)i * (columns + 1)));
        return call.Emit("Gather", [flat, call.To.Wholes([.. places])], ("axis", (long)others.Length));
    }

    /// <summary>A matrix of positions in the diagonal, with a zero behind it for what is not on it.</summary>
    private static string DiagEmbed(FormCall call)
    {
        var (dim1, dim2, offset, rows, columns) =
            (call.Int("dim1"), call.Int("dim2"), call.Int("offset"), call.Int("rows"), call.Int("columns"));
        var (rank, count) = (call.Y.Rank, call.X.Sizes[^1].Fixed);
        var pads = new long[2 * call.X.Rank];
        pads[^1] = 1;
        var padded = call.Emit("Pad", call.In(0), call.To.Wholes(pads), call.Number(0));
        var places = new long[rows * columns];
        Array.Fill(places, count);
        for (var i = 0; i < count; i++)
        {
            places[((i + Math.Max(-offset, 0)) * columns) + i + Math.Max(offset, 0)] = i;
        }

        var index = call.To.Constant(Tensor.FromArray(places).Reshape(rows, columns));
        var matrices = call.Emit("Gather", [padded, index], ("axis", (long)call.X.Rank - 1));
        var order = new List<int>(Enumerable.Range(0, rank - 2));
        foreach (var (dim, from) in new[] { (dim1, rank - 2), (dim2, rank - 1) }.OrderBy(pair => pair.Item1))
        {
            order.Insert(dim, from);
        }

        return call.Permute(matrices, order);
    }

    private static string ConstantPad(FormCall call)
    {
        var (given, rank) = (call.Ints("pads"), call.X.Rank);
        var pads = new long[2 * rank];
        for (var i = 0; i < given.Length / 2; i++)
        {
            (pads[rank - 1 - i], pads[(2 * rank) - 1 - i]) = (given[2 * i], given[(2 * i) + 1]);
        }

        return call.Emit("Pad", call.In(0), call.To.Wholes(pads), call.Number(call.Double("value")));
    }

    private static string Shuffled(FormCall call, int factor)
    {
        var (sizes, rank) = (call.X.Sizes, call.X.Rank);
        var first = Enumerable.Range(0, rank - 3).ToArray();
        var pieces = call.Reshape(
            call.In(0), [.. sizes[..^3], sizes[^3].Fixed / factor / factor, factor, factor, sizes[^2], sizes[^1]]);
        return call.Reshape(
            call.Permute(pieces, [.. first, rank - 3, rank, rank - 2, rank + 1, rank - 1]), call.Y.Sizes);
    }

    private static string Unshuffled(FormCall call, int factor)
    {
        var (sizes, rank) = (call.X.Sizes, call.X.Rank);
        var first = Enumerable.Range(0, rank - 3).ToArray();
        var pieces = call.Reshape(
            call.In(0), [.. sizes[..^2], sizes[^2].Fixed / factor, factor, sizes[^1].Fixed / factor, factor]);
        return call.Reshape(
            call.Permute(pieces, [.. first, rank - 3, rank - 1, rank + 1, rank - 2, rank]), call.Y.Sizes);
    }
}
