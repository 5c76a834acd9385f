using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Pieces of tensors, and tensors joined of pieces.</summary>
internal static class PieceForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("Slice", call =>
        {
            var (dim, start, count, step) = (call.Int("dim"), call.Extent("start"), call.Extent("count"), call.Int("step"));
            return Piece(call, dim, start, start + (count * step), step);
        });
        table.Add("Select", call =>
        {
            var (dim, position) = (call.Int("dim"), call.Extent("position"));
            var index = position.IsFixed ? call.To.Whole(position.Offset) : call.Emit("Reshape", call.To.Sizes(position), call.To.Wholes());
            return call.Emit("Gather", [call.In(0), index], ("axis", (long)dim));
        });
        table.AddMany("Split", call =>
        {
            var (lengths, dim) = (call.Extents("lengths"), call.Int("dim"));
            var (pieces, start) = (new string[lengths.Length], (Extent)0);
            for (var i = 0; i < pieces.Length; start += lengths[i++])
            {
                pieces[i] = Piece(call, dim, start, start + lengths[i], 1);
            }

            return pieces;
        });
        table.AddMany("Unbind", call =>
            [.. call.Outputs.Select((_, i) => call.Emit("Gather", [call.In(0), call.To.Whole(i)], ("axis", (long)call.Int("dim"))))]);
        table.Add("Cat", call =>
        {
            // An empty vector stands for nothing in PyTorch, whatever it is joined with.
            var parts = Enumerable.Range(0, call.Inputs.Count).Where(i => call.Inputs[i].Rank == call.Y.Rank).Select(i => call.In(i, call.Y.DType));
            return call.Emit("Concat", [.. parts], ("axis", (long)call.Int("dim")));
        });
        table.Add("Stack", call =>
        {
            var dim = call.Int("dim");
            return call.Emit(
                "Concat", [.. call.All(call.Y.DType).Select(x => call.Emit("Unsqueeze", x, call.To.Wholes(dim)))], ("axis", (long)dim));
        });
        table.Add("Unfold", call =>
        {
            var (dim, size, step) = (call.Int("dim"), call.Int("size"), call.Int("step"));
            var windows = call.X.Rank == 0 ? 1 : call.Y.Sizes[dim].Fixed;
            var x = call.X.Rank == 0 ? call.Emit("Unsqueeze", call.In(0), call.To.Wholes(0)) : call.In(0);
            var places = Windows(windows, size, step, 1);
            var picked = call.Emit("Gather", [x, call.To.Constant(places)], ("axis", (long)dim));
            var rank = Math.Max(call.X.Rank, 1) + 1;
            int[] order = [.. Enumerable.Range(0, dim + 1), .. Enumerable.Range(dim + 2, rank - dim - 2), dim + 1];
            return call.X.Rank == 0 ? call.Reshape(picked, call.Y.Sizes) : call.Permute(picked, order);
        });
        table.Add("Im2Col", Im2Col);
        table.Add("Col2Im", call => call.Emit(
            "Col2Im",
            [
                call.X.Rank == 2 ? call.Emit("Unsqueeze", call.In(0), call.To.Wholes(0)) : call.In(0),
                call.To.Wholes(Longs(call.Ints("size"))),
                call.To.Wholes(Longs(call.Ints("kernel"))),
            ],
            ("dilations", Longs(call.Ints("dilation"))),
            ("pads", Longs([.. call.Ints("padding"), .. call.Ints("padding")])),
            ("strides", Longs(call.Ints("stride")))) is var image && call.X.Rank == 2
            ? call.Emit("Squeeze", image, call.To.Wholes(0))
            : image);
    }

    /// <summary>Positions of elements in windows: [windows, size].</summary>
    public static Tensor Windows(int windows, int size, int step, int dilation)
    {
        var places = new long[windows * size];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (i / size * step) + (i % size * dilation);
        }

        return Tensor.FromArray(places).Reshape(windows, size);
    }

    private static string Piece(FormCall call, int dim, Extent start, Extent end, int step) => call.Emit(
        "Slice", call.In(0), call.To.Sizes(start), call.To.Sizes(end), call.To.Wholes(dim), call.To.Wholes(step));

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, number => (long)number);

    private static string Im2Col(FormCall call)
    {
        var (kernel, dilation, padding, stride, size) =
            (call.Ints("kernel"), call.Ints("dilation"), call.Ints("padding"), call.Ints("stride"), call.Ints("size"));
        var rank = call.X.Rank;
        var pads = new long[2 * rank];
        (pads[rank - 2], pads[rank - 1], pads[^2], pads[^1]) = (padding[0], padding[1], padding[0], padding[1]);
        var padded = call.Emit("Pad", call.In(0), call.To.Wholes(pads), call.Number(0));
        for (var axis = 0; axis < 2; axis++)
        {
            var windows = ((size[axis] + (2 * padding[axis]) - (dilation[axis] * (kernel[axis] - 1)) - 1) / stride[axis]) + 1;
            var places = Windows(windows, kernel[axis], stride[axis], dilation[axis]).Transpose(0, 1);
            padded = call.Emit("Gather", [padded, call.To.Constant(places)], ("axis", (long)rank - 2 + (2 * axis)));
        }

        // [.., channels, kernel rows, rows, kernel columns, columns]
        return call.Reshape(call.Permute(padded, [.. Enumerable.Range(0, rank - 1), rank, rank - 1, rank + 1]), call.Y.Sizes);
    }
}
