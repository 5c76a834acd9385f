using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Convolutions, and their transposes.</summary>
internal static class ConvolutionForms
{
    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        table.Add("Convolution", call => call.Emit(
            "Conv",
            call.All(),
            ("kernel_shape", Longs(call, "kernelSize")),
            ("strides", Longs(call, "stride")),
            ("pads", Around(call)),
            ("dilations", Longs(call, "dilation")),
            ("group", (long)call.Int("groups"))));

        // The transpose gives the sizes that the convolution takes.
        table.Add("ConvolutionInput", call =>
        {
            var (stride, padding, dilation, kernel) =
                (Longs(call, "stride"), Longs(call, "padding"), Longs(call, "dilation"), Longs(call, "kernelSize"));
            var (larger, smaller) = (Longs(call, "inputSize"), Longs(call, "outputSize"));
            var more = stride.Select((step, d) =>
                larger[d] - (((smaller[d] - 1) * step) - (2 * padding[d]) + (dilation[d] * (kernel[d] - 1)) + 1));
            return call.Emit(
                "ConvTranspose",
                call.All(),
                ("kernel_shape", kernel),
                ("strides", stride),
                ("pads", Around(call)),
                ("dilations", dilation),
                ("output_padding", more.ToArray()),
                ("group", (long)call.Int("groups")));
        });
    }

    private static long[] Longs(FormCall call, string name) => Array.ConvertAll(call.Ints(name), number => (long)number);

    private static long[] Around(FormCall call) => [.. Longs(call, "padding"), .. Longs(call, "padding")];
}
