using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Images in other sizes: padding, interpolation, windows, shuffles.</summary>
internal static class Resampling
{
    public static void Add(OperatorTable table)
    {
        table["constant_pad_nd"] = c => c.X.ConstantPadNd(c.Ints(0, "pad"), c.Number(1, "value", 0));
        foreach (var mode in new[] { "constant", "reflect", "replicate", "circular", "replicate_negative" })
        {
            table["nn.functional.pad:" + mode] = c => c.X.Pad(
                c.Ints(0, "pad"), Enum.Parse<PadMode>(c.Text(1, "mode") ?? "constant", ignoreCase: true), c.Number(2, "value", 0));
        }

        foreach (var mode in new[] { "nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic", "area" })
        {
            table["nn.functional.interpolate:" + mode] = c => c.X.Interpolate(
                c.Ints(0, "size"), c.Numbers(1, "scale_factor"), Mode(c.Text(2, "mode") ?? "nearest"), (bool?)c.Get(3, "align_corners"),
                (bool?)c.Get(4, "recompute_scale_factor"), c.Flag(5, "antialias"));
        }

        table["nn.functional.upsample_nearest"] = c => c.X.UpsampleNearest(c.Ints(0, "size"), c.Numbers(1, "scale_factor"));
        table["nn.functional.upsample_bilinear"] = c => c.X.UpsampleBilinear(c.Ints(0, "size"), c.Numbers(1, "scale_factor"));
        table["nn.functional.pixel_shuffle"] = c => c.X.PixelShuffle(c.Int(0, "upscale_factor"));
        table["nn.functional.pixel_unshuffle"] = c => c.X.PixelUnshuffle(c.Int(0, "downscale_factor"));
        table["nn.functional.channel_shuffle"] = c => c.X.ChannelShuffle(c.Int(0, "groups"));
        table["nn.functional.unfold"] = c => c.X.Im2Col(
            c.Ints(0, "kernel_size"), c.Ints(1, "dilation"), c.Ints(2, "padding"), c.Ints(3, "stride"));
        table["nn.functional.fold"] = c => c.X.Col2Im(
            c.Ints(0, "output_size"), c.Ints(1, "kernel_size"), c.Ints(2, "dilation"), c.Ints(3, "padding"), c.Ints(4, "stride"));
        table["nn.functional.grid_sample"] = c => c.X.GridSample(
            c.Tensor(0, "grid"), Enum.Parse<GridSampleMode>(c.Text(1, "mode") ?? "bilinear", ignoreCase: true),
            Enum.Parse<GridSamplePadding>(c.Text(2, "padding_mode") ?? "zeros", ignoreCase: true), c.Flag(3, "align_corners"));
        table["nn.functional.affine_grid"] = c => c.X.AffineGrid(c.Ints(0, "size"), c.Flag(1, "align_corners"));
    }

    private static InterpolateMode Mode(string name) =>
        Enum.Parse<InterpolateMode>(name.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
}
