using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Images of other sizes, interpolated, or padded by their own elements.</summary>
internal static class ResamplingForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("Resample", call => call.Text("kind") switch
        {
            "Reflect" => Padded(call, "reflect"),
            "Replicate" => Padded(call, "edge"),
            "Circular" => Padded(call, "wrap"),
            "Nearest" => Resized(call, "nearest", ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
            "NearestExact" => Resized(call, "nearest", ("coordinate_transformation_mode", "half_pixel"), ("nearest_mode", "round_prefer_ceil")),
            "Linear" => Resized(call, "linear", Corners(call)),
            "Cubic" => Resized(call, "cubic", Corners(call), ("cubic_coeff_a", -0.75f)),
            "WideLinear" => Resized(call, "linear", Corners(call), ("antialias", 1L)),
            "WideCubic" => Resized(call, "cubic", Corners(call), ("cubic_coeff_a", -0.5f), ("antialias", 1L)),
            _ => null,
        });

        // Each place of the grid, with a one behind its coordinates, times the matrix of each image.
        table.Add("AffineGrid", call =>
        {
            var (sizes, axes) = (call.Ints("size"), call.X.Sizes[1].Fixed);
            var identity = Tensor.Eye(axes, axes + 1).To(call.Y.DType).Unsqueeze(0);
            var places = identity.AffineGrid([1, .. sizes[1..]], call.Bool("alignCorners")).Reshape(-1, axes);
            var known = Tensor.Cat([places, Tensor.Ones([places.Shape[0], 1], call.Y.DType)], 1);
            return call.Reshape(
                call.Emit("MatMul", call.To.Constant(known), call.Permute(call.In(0), 0, 2, 1)), call.Y.Sizes);
        });
    }

    private static (string Name, object Value) Corners(FormCall call) =>
        ("coordinate_transformation_mode", call.Bool("alignCorners") ? "align_corners" : "half_pixel");

    private static string Padded(FormCall call, string mode)
    {
        var (before, into, outOf, rank) = (call.Ints("before"), call.Ints("in"), call.Ints("out"), call.X.Rank);
        var pads = new long[2 * rank];
        for (var axis = 0; axis < before.Length; axis++)
        {
            pads[rank - before.Length + axis] = before[axis];
            pads[(2 * rank) - before.Length + axis] = outOf[axis] - into[axis] - before[axis];
        }

        return call.Emit("Pad", [call.In(0), call.To.Wholes(pads)], ("mode", mode));
    }

    /// <summary>The image resized by scales, or where these would give other sizes, by sizes.</summary>
    private static string Resized(FormCall call, string mode, params (string Name, object Value)[] attributes)
    {
        var (step, into, outOf) = (call.Doubles("step"), call.Ints("in"), call.Ints("out"));
        var axes = Enumerable.Range(call.X.Rank - into.Length, into.Length).Select(axis => (long)axis).ToArray();
        (string, object)[] all = [("mode", mode), ("axes", axes), .. attributes];
        float[] scales = [.. step.Select(each => each > 0 ? (float)(1 / each) : 0)];
        var byScale = !call.Bool("alignCorners")
            && Enumerable.Range(0, into.Length).All(axis => (int)MathF.Floor(into[axis] * scales[axis]) == outOf[axis]);
        return byScale
            ? call.Emit("Resize", [call.In(0), string.Empty, call.To.Constant(Tensor.FromArray(scales))], all)
            : call.Emit("Resize", [call.In(0), string.Empty, string.Empty, call.To.Wholes(Array.ConvertAll(outOf, size => (long)size))], all);
    }
}
