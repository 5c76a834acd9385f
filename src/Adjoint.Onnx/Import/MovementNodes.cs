namespace Adjoint.Onnx.Import;

/// <summary>Elements in other places, pieces of tensors, and tensors that are made of sizes.</summary>
internal static class MovementNodes
{
    private const long Most = 1L << 40;

    /// <summary>Adds the operators.</summary>
    public static void Add(NodeTable table)
    {
        table.Add("Reshape", call =>
        {
            var sizes = call.Sizes(1)!;
            for (var d = 0; d < sizes.Length && !call.Bool("allowzero"); d++)
            {
                sizes[d] = sizes[d] == 0 ? call.X.Shape[d] : sizes[d];
            }

            return call.X.Reshape(sizes);
        });
        table.Add("Flatten", call =>
        {
            var axis = call.Int("axis", 1);
            axis = axis < 0 ? axis + call.X.Rank : axis;
            return call.X.Reshape(checked((int)call.X.Shape.AsSpan()[..axis].ToArray().Aggregate(1L, (product, size) => product * size)), -1);
        });
        table.Add("Squeeze", call => call.Dims(1) is { } dims
            ? Positive(dims, call.X.Rank).OrderDescending().Aggregate(call.X, (x, dim) => x.Squeeze(dim))
            : call.X.Squeeze());
        table.Add("Unsqueeze", call =>
        {
            var dims = call.Dims(1) ?? throw call.Wrong("axes");
            return Positive(dims, call.X.Rank + dims.Length).Order().Aggregate(call.X, (x, dim) => x.Unsqueeze(dim));
        });
        table.Add("Transpose", call => call.X.Permute(call.Ints("perm") ?? [.. Enumerable.Range(0, call.X.Rank).Reverse()]));
        table.Add("Expand", call => call.X.Expand(Broadcast(call.X.Shape, call.Sizes(1)!)));
        table.Add("Tile", call => call.X.Repeat(call.Sizes(1)!));
        table.Add("Concat", call => Tensor.Cat(call.All(), call.Int("axis")));
        table.Add("Slice", Slice);
        table.AddMany("Split", call =>
        {
            var dim = call.Int("axis");
            if ((call.Sizes(1) ?? call.Ints("split")) is { } sizes)
            {
                return call.X.Split(sizes, dim);
            }

            var (count, size) = (call.Int("num_outputs", call.Results), call.X.Shape[dim]);
            return call.X.Split((size + count - 1) / count, dim);
        });
        table.Add("Trilu", call =>
        {
            var diagonal = call.Sizes(1)?[0] ?? 0;
            return call.Bool("upper", true) ? call.X.Triu(diagonal) : call.X.Tril(diagonal);
        });
        table.Add("Pad", Pad);
        table.Add("Shape", call => Tensor.FromArray([.. call.X.Shape.Select(size => (long)size)])
            .Slice(0, call.Int("start"), call.Has("end") ? call.Int("end") : null));
        table.Add("Size", call => Tensor.FromArray([call.X.Shape.Count]).Reshape([]));
        table.Add("Constant", call => call.Tensor("value") ?? (call.Any("value_float"), call.Any("value_int"), call.Any("value_ints")) switch
        {
            (float number, _, _) => Tensor.FromArray([number]).Reshape([]),
            (_, long number, _) => Tensor.FromArray([number]).Reshape([]),
            (_, _, long[] numbers) => Tensor.FromArray(numbers),
            _ => call.Any("value_floats") is float[] reals ? Tensor.FromArray(reals) : throw call.Wrong("value"),
        });
        table.Add("ConstantOfShape", call =>
        {
            var (sizes, value) = (call.Sizes(0)!, call.Tensor("value") ?? Tensor.Zeros(1));
            return sizes.Aggregate(1L, (product, size) => product > Most ? product : product * size) <= Most
                ? value.Reshape([]).Expand(sizes)
                : throw call.Wrong("input");
        });
        table.Add("Range", call => Tensor.Arange(call.X, call.Y, call[2]).To(call.X.DType));
        table.Add("DepthToSpace", call => Shuffled(call, call.Int("blocksize", 1), call.Text("mode", "DCR") == "CRD"));
    }

    private static int[] Positive(int[] dims, int rank) => Array.ConvertAll(dims, dim => dim < 0 ? dim + rank : dim);

    private static int[] Broadcast(Shape own, int[] wanted)
    {
        var rank = Math.Max(own.Rank, wanted.Length);
        var sizes = new int[rank];
        for (var d = 1; d <= rank; d++)
        {
            var (mine, theirs) = (d <= own.Rank ? own[^d] : 1, d <= wanted.Length ? wanted[^d] : 1);
            sizes[^d] = theirs == 1 ? mine : theirs;
        }

        return sizes;
    }

    private static Tensor Slice(NodeCall call)
    {
        var starts = call.Wholes(1) ?? [];
        var ends = call.Wholes(2) ?? [];
        var dims = Positive(call.Sizes(3) ?? [.. Enumerable.Range(0, starts.Length)], call.X.Rank);
        var steps = call.Wholes(4) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || dims.Length != starts.Length || steps.Length != starts.Length)
        {
            throw call.Wrong("starts, ends, axes and steps");
        }

        var x = call.X;
        for (var i = 0; i < starts.Length; i++)
        {
            if (steps[i] > 0)
            {
                x = x.Slice(dims[i], starts[i], ends[i], steps[i]);
                continue;
            }

            // Backwards: the elements from the end of what is turned round.
            var size = x.Shape[dims[i]];
            var start = Math.Clamp(starts[i] < 0 ? starts[i] + size : starts[i], -1, size - 1);
            var end = Math.Clamp(ends[i] < 0 ? ends[i] + size : ends[i], -1, size - 1);
            x = steps[i] == 0
                ? throw call.Wrong("steps")
                : x.Flip(dims[i]).Slice(dims[i], size - 1 - start, Math.Max(size - 1 - end, 0), steps[i] == long.MinValue ? size : -steps[i]);
        }

        return x;
    }

    private static Tensor Pad(NodeCall call)
    {
        var pads = call.Sizes(1) ?? call.Ints("pads") ?? throw call.Wrong("pads");
        var dims = Positive(call.Sizes(3) ?? [.. Enumerable.Range(0, call.X.Rank)], call.X.Rank);
        if (pads.Length != 2 * dims.Length)
        {
            throw call.Wrong("pads");
        }

        var ordered = new int[2 * call.X.Rank];
        for (var i = 0; i < dims.Length; i++)
        {
            var at = 2 * (call.X.Rank - 1 - dims[i]);
            (ordered[at], ordered[at + 1]) = (pads[i], pads[i + dims.Length]);
        }

        // Only the last dimensions, of which PyTorch pads in its other modes.
        var last = ordered.Length;
        while (last > 2 && ordered[last - 1] == 0 && ordered[last - 2] == 0)
        {
            last -= 2;
        }

        var value = call.At(2)?.Item<double>() ?? 0;
        return call.Text("mode", "constant") switch
        {
            "constant" => call.X.Pad(ordered.AsSpan(0, last), PadMode.Constant, value),
            "reflect" => call.X.Pad(ordered.AsSpan(0, last), PadMode.Reflect),
            "edge" => call.X.Pad(ordered.AsSpan(0, last), PadMode.Replicate),
            "wrap" => call.X.Pad(ordered.AsSpan(0, last), PadMode.Circular),
            _ => throw call.Wrong("mode"),
        };
    }

    private static Tensor Shuffled(NodeCall call, int block, bool channelsFirst)
    {
        var (n, c, h, w) = (call.X.Shape[0], call.X.Shape[1] / block / block, call.X.Shape[2], call.X.Shape[3]);
        var pieces = channelsFirst
            ? call.X.Reshape(n, c, block, block, h, w).Permute(0, 1, 4, 2, 5, 3)
            : call.X.Reshape(n, block, block, c, h, w).Permute(0, 3, 4, 1, 5, 2);
        return pieces.Reshape(n, c, h * block, w * block);
    }
}
