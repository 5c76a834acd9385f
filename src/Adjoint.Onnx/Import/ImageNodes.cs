namespace Adjoint.Onnx.Import;

/// <summary>Operators on images: convolutions, windows, other sizes.</summary>
internal static class ImageNodes
{
    /// <summary>Adds the operators.</summary>
    public static void Add(NodeTable table)
    {
        table.Add("Conv", Conv);
        table.Add("ConvTranspose", ConvTranspose);
        table.AddMany("MaxPool", MaxPool);
        table.Add("AveragePool", AveragePool);
        table.Add("GlobalAveragePool", call => call.X.Mean([.. Enumerable.Range(2, call.X.Rank - 2)], keepDim: true));
        table.Add("GlobalMaxPool", call => call.X.Amax([.. Enumerable.Range(2, call.X.Rank - 2)], keepDim: true));
        table.Add("Resize", Resize);
        table.Add("GridSample", call => call.X.GridSample(
            call.Y,
            call.Text("mode", "linear") switch
            {
                "linear" or "bilinear" => GridSampleMode.Bilinear,
                "nearest" => GridSampleMode.Nearest,
                "cubic" or "bicubic" => GridSampleMode.Bicubic,
                _ => throw call.Wrong("mode"),
            },
            call.Text("padding_mode", "zeros") switch
            {
                "zeros" => GridSamplePadding.Zeros,
                "border" => GridSamplePadding.Border,
                "reflection" => GridSamplePadding.Reflection,
                _ => throw call.Wrong("padding_mode"),
            },
            call.Bool("align_corners")));
        table.Add("Col2Im", call => call.X.Col2Im(
            call.Sizes(1)!,
            call.Sizes(2)!,
            call.Ints("dilations") ?? [1, 1],
            Symmetric(call, 2),
            call.Ints("strides") ?? [1, 1]));
    }

    /// <summary>What is added on each side, where it is the same on both.</summary>
    private static int[] Symmetric(NodeCall call, int axes)
    {
        var pads = Pads(call, axes);
        return pads.AsSpan(0, axes).SequenceEqual(pads.AsSpan(axes)) ? pads[..axes] : throw call.Wrong("pads");
    }

    private static int[] Pads(NodeCall call, int axes)
    {
        var pads = call.Ints("pads") ?? new int[2 * axes];
        return call.Text("auto_pad", "NOTSET") is "NOTSET" or "VALID" && pads.Length == 2 * axes ? pads : throw call.Wrong("pads or auto_pad");
    }

    /// <summary>An image with zeros around it where they are not the same on both sides, and what is left to add.</summary>
    private static (Tensor X, int[] Padding) Padded(NodeCall call, int axes)
    {
        var pads = Pads(call, axes);
        if (pads.AsSpan(0, axes).SequenceEqual(pads.AsSpan(axes)))
        {
            return (call.X, pads[..axes]);
        }

        var around = new int[2 * axes];
        for (var axis = 0; axis < axes; axis++)
        {
            (around[2 * (axes - 1 - axis)], around[(2 * (axes - 1 - axis)) + 1]) = (pads[axis], pads[axes + axis]);
        }

        return (call.X.Pad(around), new int[axes]);
    }

    private static int[] Steps(NodeCall call, string name, int axes)
    {
        var steps = call.Ints(name) ?? [.. Enumerable.Repeat(1, axes)];
        return steps.Length == axes ? steps : throw call.Wrong(name);
    }

    private static int Axes(NodeCall call) => call.X.Rank is >= 3 and <= 5
        ? call.X.Rank - 2
        : throw new OnnxException(
            $"An image of shape {call.X.Shape} has no form here: a batch and channels, and one to three dimensions behind them.");

    private static Tensor Conv(NodeCall call)
    {
        var axes = Axes(call);
        var (x, padding) = Padded(call, axes);
        var (stride, dilation, groups) = (Steps(call, "strides", axes), Steps(call, "dilations", axes), call.Int("group", 1));
        return axes switch
        {
            1 => x.Conv1d(call.Y, call.At(2), stride, padding, dilation, groups),
            2 => x.Conv2d(call.Y, call.At(2), stride, padding, dilation, groups),
            _ => x.Conv3d(call.Y, call.At(2), stride, padding, dilation, groups),
        };
    }

    private static Tensor ConvTranspose(NodeCall call)
    {
        var axes = Axes(call);
        var more = call.Ints("output_padding") ?? new int[axes];
        var (stride, dilation, groups, padding) =
            (Steps(call, "strides", axes), Steps(call, "dilations", axes), call.Int("group", 1), Symmetric(call, axes));
        return call.Has("output_shape") ? throw call.Wrong("output_shape") : axes switch
        {
            1 => call.X.ConvTranspose1d(call.Y, call.At(2), stride, padding, more, groups, dilation),
            2 => call.X.ConvTranspose2d(call.Y, call.At(2), stride, padding, more, groups, dilation),
            _ => call.X.ConvTranspose3d(call.Y, call.At(2), stride, padding, more, groups, dilation),
        };
    }

    private static Tensor[] MaxPool(NodeCall call)
    {
        var axes = Axes(call);
        var kernel = call.Ints("kernel_shape") ?? throw call.Wrong("kernel_shape");
        var (stride, dilation, padding, ceil) =
            (Steps(call, "strides", axes), Steps(call, "dilations", axes), Symmetric(call, axes), call.Bool("ceil_mode"));
        var (largest, positions) = axes switch
        {
            1 => call.X.MaxPool1dWithIndices(kernel, stride, padding, dilation, ceil),
            2 => call.X.MaxPool2dWithIndices(kernel, stride, padding, dilation, ceil),
            _ => call.X.MaxPool3dWithIndices(kernel, stride, padding, dilation, ceil),
        };
        if (call.Results < 2)
        {
            return [largest];
        }

        // Numbers of all elements, from those of one plane.
        var planes = call.X.Shape[0] * (long)call.X.Shape[1];
        var plane = call.X.Shape.Count / Math.Max(planes, 1);
        var first = (Tensor.Arange(planes) * plane).Reshape([call.X.Shape[0], call.X.Shape[1], .. Enumerable.Repeat(1, axes)]);
        return [largest, positions + first];
    }

    private static Tensor AveragePool(NodeCall call)
    {
        var axes = Axes(call);
        var kernel = call.Ints("kernel_shape") ?? throw call.Wrong("kernel_shape");
        var (stride, padding, ceil, counts) =
            (Steps(call, "strides", axes), Symmetric(call, axes), call.Bool("ceil_mode"), call.Bool("count_include_pad"));
        return call.Has("dilations") && call.Ints("dilations")!.Any(step => step != 1) ? throw call.Wrong("dilations") : axes switch
        {
            1 => call.X.AvgPool1d(kernel, stride, padding, ceil, counts),
            2 => call.X.AvgPool2d(kernel, stride, padding, ceil, counts),
            _ => call.X.AvgPool3d(kernel, stride, padding, ceil, counts),
        };
    }

    private static Tensor Resize(NodeCall call)
    {
        var axes = call.X.Rank - 2;
        var (mode, way) = (call.Text("mode", "nearest"), call.Text("coordinate_transformation_mode", "half_pixel"));
        var isAligned = way == "align_corners";
        var scales = call.At(2) is { } given && given.Shape.Count > 0
            ? Array.ConvertAll(given.To(DType.Float32).ToArray<float>(), NodeCall.Decimal)
            : null;
        var sizes = scales is null ? call.Sizes(3) ?? throw call.Wrong("sizes") : null;

        // PyTorch resizes the dimensions behind batch and channels, and no others.
        var first = (scales?.Length ?? sizes!.Length) - axes;
        if (first is not (0 or 2) || (scales ?? Array.ConvertAll(sizes![..first], size => (double)size))[..first].Where((each, i) =>
            scales is null ? each != call.X.Shape[i] : each != 1).Any())
        {
            throw call.Wrong("axes");
        }

        var resized = (mode, way, axes) switch
        {
            ("nearest", "asymmetric", _) when call.Text("nearest_mode", "round_prefer_floor") == "floor" => InterpolateMode.Nearest,
            ("nearest", "half_pixel", _) when call.Text("nearest_mode", "round_prefer_floor") == "round_prefer_ceil" => InterpolateMode.NearestExact,
            ("linear", "half_pixel" or "align_corners" or "pytorch_half_pixel", 1) => InterpolateMode.Linear,
            ("linear", "half_pixel" or "align_corners" or "pytorch_half_pixel", 2) => InterpolateMode.Bilinear,
            ("linear", "half_pixel" or "align_corners" or "pytorch_half_pixel", 3) => InterpolateMode.Trilinear,
            ("cubic", "half_pixel" or "align_corners" or "pytorch_half_pixel", 2) => InterpolateMode.Bicubic,
            _ => throw call.Wrong("mode"),
        };
        bool? aligned = mode == "nearest" ? null : isAligned;
        return scales is null
            ? call.X.Interpolate(size: sizes![first..], mode: resized, alignCorners: aligned, antialias: call.Bool("antialias"))
            : call.X.Interpolate(scaleFactor: scales[first..], mode: resized, alignCorners: aligned, antialias: call.Bool("antialias"));
    }
}
