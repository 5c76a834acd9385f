using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Windows of images: their means, their largest elements, and where these are.</summary>
internal static class PoolingForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("WindowMean", call => call.Has("kernelSize") ? Mean(call) : AdaptiveMean(call));
        table.Add("MaxPositions", MaxPositions);
        table.Add("PlanePick", call => call.To.Pooled.TryGetValue((call.In(0), call.In(1)), out var largest)
            ? largest
            : call.Reshape(
                call.Emit("GatherElements", [Flat(call, 0, call.Int("axes")), Flat(call, 1, call.Int("axes"))], ("axis", -1L)), call.Y.Sizes));
        table.Add("MaxUnpool", call => Put(call, "none"));
        table.Add("PlanePut", call => Put(call, "add"));
    }

    /// <summary>The dimensions before the axes as they are, and the axes as one.</summary>
    private static string Flat(FormCall call, int input, int axes)
    {
        var sizes = call.Inputs[input].Sizes;
        return call.Reshape(call.In(input), [.. sizes[..^axes], sizes[^axes..].Aggregate(1, (product, size) => product * size.Fixed)]);
    }

    private static string Put(FormCall call, string reduction)
    {
        var axes = call.Int("axes");
        var sizes = call.Y.Sizes;
        var zeros = call.Emit(
            "Expand", call.Number(0), call.To.Sizes([.. sizes[..^axes], sizes[^axes..].Aggregate(1, (product, size) => product * size.Fixed)]));
        return call.Reshape(
            call.Emit("ScatterElements", [zeros, Flat(call, 1, axes), Flat(call, 0, axes)], ("axis", -1L), ("reduction", reduction)), sizes);
    }

    private static string Mean(FormCall call)
    {
        var axes = call.Ints("kernelSize").Length;
        var mean = call.Emit(
            "AveragePool", [Batched(call, axes)], [.. Windows(call), ("count_include_pad", call.Bool("includesPadding") ? 1L : 0)]);
        if (call.Has("divisor"))
        {
            var area = call.Ints("kernelSize").Aggregate(1.0, (product, size) => product * size);
            mean = call.Emit("Mul", mean, call.Number(area / call.Int("divisor")));
        }

        return Unbatched(call, mean, axes);
    }

    /// <summary>Means of windows that share the image evenly: on each axis a product with the windows' shares.</summary>
    private static string AdaptiveMean(FormCall call)
    {
        var outputs = call.Ints("outputSize");
        var (mean, rank) = (call.In(0), call.X.Rank);
        for (var axis = 0; axis < outputs.Length; axis++)
        {
            var dim = rank - outputs.Length + axis;
            var shares = Shares(call.X.Sizes[dim].Fixed, outputs[axis], call.Y.DType);
            int[] swap = [.. Enumerable.Range(0, rank)];
            (swap[dim], swap[^1]) = (swap[^1], swap[dim]);
            mean = call.Permute(call.Emit("MatMul", call.Permute(mean, swap), call.To.Constant(shares)), swap);
        }

        return mean;
    }

    private static Tensor Shares(int size, int windows, DType dtype)
    {
        var shares = new double[size * windows];
        for (var i = 0; i < windows; i++)
        {
            var (first, end) = First(i, size, windows);
            for (var at = first; at < end; at++)
            {
                shares[(at * windows) + i] = 1.0 / (end - first);
            }
        }

        return Tensor.FromArray(shares).Reshape(size, windows).To(dtype);
    }

    private static (int First, int End) First(int window, int size, int windows) =>
        ((int)((long)window * size / windows), (int)((((window + 1L) * size) + windows - 1) / windows));

    private static string? MaxPositions(FormCall call)
    {
        var isAdaptive = !call.Has("kernelSize");
        var outputs = call.Ints("outputSize");
        int[] sizes = [.. call.X.Sizes[^outputs.Length..].Select(size => size.Fixed)];
        if (isAdaptive && outputs.Where((output, axis) => output == 0 || sizes[axis] % output != 0).Any())
        {
            return UnevenPositions(call, sizes, outputs);
        }

        var kernel = outputs.Select((output, axis) => (long)sizes[axis] / output).ToArray();
        var windows = isAdaptive ? [("kernel_shape", (object)kernel), ("strides", kernel)] : Windows(call);
        if (!isAdaptive)
        {
            windows = [.. windows, ("dilations", Longs(call.Ints("dilation")))];
        }

        var both = call.To.Emit("MaxPool", [Batched(call, outputs.Length)], 2, windows);

        // ONNX numbers all elements, Adjoint those of one plane.
        var plane = call.To.Whole(sizes.Aggregate(1L, (product, size) => product * size));
        var positions = call.Emit("Mod", Unbatched(call, both[1], outputs.Length), plane);
        call.To.Pooled[(call.To.Source(call.In(0)), positions)] = Unbatched(call, both[0], outputs.Length);
        return positions;
    }

    /// <summary>Positions in windows of different sizes, which overlap: one window after another.</summary>
    private static string UnevenPositions(FormCall call, int[] sizes, int[] outputs)
    {
        var windows = outputs.Aggregate(1, (product, output) => product * output);
        var parts = new string[windows];
        var (flat, axis) = (Flat(call, 0, outputs.Length), call.X.Rank - outputs.Length);
        for (var w = 0; w < windows; w++)
        {
            var places = new List<long> { 0 };
            for (int a = outputs.Length - 1, rest = w, step = 1; a >= 0; step *= sizes[a], rest /= outputs[a], a--)
            {
                var (first, end) = First(rest % outputs[a], sizes[a], outputs[a]);
                places = [.. Enumerable.Range(first, end - first).SelectMany(at => places.Select(place => place + ((long)at * step)))];
            }

            var index = call.To.Wholes(places);
            var largest = call.Emit(
                "ArgMax", [call.Emit("Gather", [flat, index], ("axis", (long)axis))], ("axis", (long)axis), ("keepdims", 1L));
            parts[w] = call.Emit("Gather", [index, largest], ("axis", 0L));
        }

        return call.Reshape(windows == 1 ? parts[0] : call.Emit("Concat", parts, ("axis", (long)axis)), call.Y.Sizes);
    }

    private static (string Name, object Value)[] Windows(FormCall call)
    {
        var (kernel, stride, padding, outputs, dilation) =
            (call.Ints("kernelSize"), call.Ints("stride"), call.Ints("padding"), call.Ints("outputSize"), call.Ints("dilation"));
        var isCeil = false;
        for (var axis = 0; axis < kernel.Length; axis++)
        {
            var size = call.X.Sizes[^(kernel.Length - axis)].Fixed;
            isCeil |= ((size + (2 * padding[axis]) - (dilation[axis] * (kernel[axis] - 1)) - 1) / stride[axis]) + 1 != outputs[axis];
        }

        return
        [
            ("kernel_shape", Longs(kernel)), ("strides", Longs(stride)), ("pads", Longs([.. padding, .. padding])), ("ceil_mode", isCeil ? 1L : 0),
        ];
    }

    /// <summary>The image with a batch and channels in front, which ONNX asks for.</summary>
    private static string Batched(FormCall call, int axes) => call.X.Rank == axes + 2
        ? call.To.Source(call.In(0))
        : call.Reshape(call.To.Source(call.In(0)), Canonical(call.X.Sizes, axes));

    private static string Unbatched(FormCall call, string name, int axes) => call.X.Rank == axes + 2 ? name : call.Reshape(name, call.Y.Sizes);

    private static Extent[] Canonical(Extent[] sizes, int axes) => sizes.Length < axes + 2
        ? [.. Enumerable.Repeat((Extent)1, axes + 2 - sizes.Length), .. sizes]
        : [1, sizes[..^axes].Aggregate((Extent)1, (product, size) => size * product.Fixed), .. sizes[^axes..]];

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, number => (long)number);
}
