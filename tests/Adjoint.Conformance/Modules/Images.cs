using Adjoint.Conformance.Values;
using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Conformance.Modules;

/// <summary>Convolutions, pools, padding, and norms over channels, of one, two and three axes.</summary>
internal static class Images
{
    public static void Add(Dictionary<string, Func<Call, Generator, L.Module>> table)
    {
        table["Conv1d"] = (c, g) => new L.Conv1d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), Padding(c), c.Ints(5, "dilation"),
            c.Int(6, "groups", 1), c.Flag(7, "bias", true), Mode(c), DType.Float64, g);
        table["ConvTranspose1d"] = (c, g) => new L.ConvTranspose1d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), c.Ints(4, "padding"),
            c.Ints(5, "output_padding"), c.Int(6, "groups", 1), c.Flag(7, "bias", true), c.Ints(8, "dilation"), DType.Float64, g);
        table["BatchNorm1d"] = (c, _) => new L.BatchNorm1d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine", true), c.Flag(4, "track_running_stats", true),
            DType.Float64);
        table["InstanceNorm1d"] = (c, _) => new L.InstanceNorm1d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine"), c.Flag(4, "track_running_stats"), DType.Float64);
        table["MaxPool1d"] = (c, _) => new L.MaxPool1d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), Axes(c, 3, "dilation"), c.Flag(5, "ceil_mode"));
        table["AvgPool1d"] = (c, _) => new L.AvgPool1d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true));
        table["LPPool1d"] = (c, _) => new L.LPPool1d(
            c.Number(0, "norm_type", 2), c.Int(1, "kernel_size"), Axes(c, 2, "stride"), c.Flag(3, "ceil_mode"));
        table["MaxUnpool1d"] = (c, _) => new L.MaxUnpool1d(Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"));
        table["AdaptiveAvgPool1d"] = (c, _) => new L.AdaptiveAvgPool1d(Axes(c, 0, "output_size"));
        table["AdaptiveMaxPool1d"] = (c, _) => new L.AdaptiveMaxPool1d(Axes(c, 0, "output_size"));
        table["ConstantPad1d"] = (c, _) => new L.ConstantPad1d(Axes(c, 0, "padding"), c.Number(1, "value", 0));
        table["ZeroPad1d"] = (c, _) => new L.ZeroPad1d(Axes(c, 0, "padding"));
        table["ReflectionPad1d"] = (c, _) => new L.ReflectionPad1d(Axes(c, 0, "padding"));
        table["ReplicationPad1d"] = (c, _) => new L.ReplicationPad1d(Axes(c, 0, "padding"));
        table["CircularPad1d"] = (c, _) => new L.CircularPad1d(Axes(c, 0, "padding"));
        table["Dropout1d"] = (c, g) => new L.Dropout1d(c.Number(0, "p", 0.5), g);
        table["Conv2d"] = (c, g) => new L.Conv2d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), Padding(c), c.Ints(5, "dilation"),
            c.Int(6, "groups", 1), c.Flag(7, "bias", true), Mode(c), DType.Float64, g);
        table["ConvTranspose2d"] = (c, g) => new L.ConvTranspose2d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), c.Ints(4, "padding"),
            c.Ints(5, "output_padding"), c.Int(6, "groups", 1), c.Flag(7, "bias", true), c.Ints(8, "dilation"), DType.Float64, g);
        table["BatchNorm2d"] = (c, _) => new L.BatchNorm2d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine", true), c.Flag(4, "track_running_stats", true),
            DType.Float64);
        table["InstanceNorm2d"] = (c, _) => new L.InstanceNorm2d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine"), c.Flag(4, "track_running_stats"), DType.Float64);
        table["MaxPool2d"] = (c, _) => new L.MaxPool2d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), Axes(c, 3, "dilation"), c.Flag(5, "ceil_mode"));
        table["AvgPool2d"] = (c, _) => new L.AvgPool2d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true));
        table["LPPool2d"] = (c, _) => new L.LPPool2d(
            c.Number(0, "norm_type", 2), Axes(c, 1, "kernel_size"), Axes(c, 2, "stride"), c.Flag(3, "ceil_mode"));
        table["MaxUnpool2d"] = (c, _) => new L.MaxUnpool2d(Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"));
        table["AdaptiveAvgPool2d"] = (c, _) => new L.AdaptiveAvgPool2d(Axes(c, 0, "output_size"));
        table["AdaptiveMaxPool2d"] = (c, _) => new L.AdaptiveMaxPool2d(Axes(c, 0, "output_size"));
        table["ConstantPad2d"] = (c, _) => new L.ConstantPad2d(Axes(c, 0, "padding"), c.Number(1, "value", 0));
        table["ZeroPad2d"] = (c, _) => new L.ZeroPad2d(Axes(c, 0, "padding"));
        table["ReflectionPad2d"] = (c, _) => new L.ReflectionPad2d(Axes(c, 0, "padding"));
        table["ReplicationPad2d"] = (c, _) => new L.ReplicationPad2d(Axes(c, 0, "padding"));
        table["CircularPad2d"] = (c, _) => new L.CircularPad2d(Axes(c, 0, "padding"));
        table["Dropout2d"] = (c, g) => new L.Dropout2d(c.Number(0, "p", 0.5), g);
        table["Conv3d"] = (c, g) => new L.Conv3d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), Padding(c), c.Ints(5, "dilation"),
            c.Int(6, "groups", 1), c.Flag(7, "bias", true), Mode(c), DType.Float64, g);
        table["ConvTranspose3d"] = (c, g) => new L.ConvTranspose3d(
            c.Int(0, "in_channels"), c.Int(1, "out_channels"), c.Ints(2, "kernel_size"), c.Ints(3, "stride"), c.Ints(4, "padding"),
            c.Ints(5, "output_padding"), c.Int(6, "groups", 1), c.Flag(7, "bias", true), c.Ints(8, "dilation"), DType.Float64, g);
        table["BatchNorm3d"] = (c, _) => new L.BatchNorm3d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine", true), c.Flag(4, "track_running_stats", true),
            DType.Float64);
        table["InstanceNorm3d"] = (c, _) => new L.InstanceNorm3d(
            c.Int(0, "num_features"), c.Number(1, "eps", 1e-5), Momentum(c), c.Flag(3, "affine"), c.Flag(4, "track_running_stats"), DType.Float64);
        table["MaxPool3d"] = (c, _) => new L.MaxPool3d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), Axes(c, 3, "dilation"), c.Flag(5, "ceil_mode"));
        table["AvgPool3d"] = (c, _) => new L.AvgPool3d(
            Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true));
        table["LPPool3d"] = (c, _) => new L.LPPool3d(
            c.Number(0, "norm_type", 2), Axes(c, 1, "kernel_size"), Axes(c, 2, "stride"), c.Flag(3, "ceil_mode"));
        table["MaxUnpool3d"] = (c, _) => new L.MaxUnpool3d(Axes(c, 0, "kernel_size"), Axes(c, 1, "stride"), Axes(c, 2, "padding"));
        table["AdaptiveAvgPool3d"] = (c, _) => new L.AdaptiveAvgPool3d(Axes(c, 0, "output_size"));
        table["AdaptiveMaxPool3d"] = (c, _) => new L.AdaptiveMaxPool3d(Axes(c, 0, "output_size"));
        table["ConstantPad3d"] = (c, _) => new L.ConstantPad3d(Axes(c, 0, "padding"), c.Number(1, "value", 0));
        table["ZeroPad3d"] = (c, _) => new L.ZeroPad3d(Axes(c, 0, "padding"));
        table["ReflectionPad3d"] = (c, _) => new L.ReflectionPad3d(Axes(c, 0, "padding"));
        table["ReplicationPad3d"] = (c, _) => new L.ReplicationPad3d(Axes(c, 0, "padding"));
        table["CircularPad3d"] = (c, _) => new L.CircularPad3d(Axes(c, 0, "padding"));
        table["Dropout3d"] = (c, g) => new L.Dropout3d(c.Number(0, "p", 0.5), g);
    }

    public static PerAxis Axes(Call c, int place, string name) => c.Ints(place, name);

    private static double? Momentum(Call c) => c.Names("momentum") ? c.NumberOrNull(2, "momentum") : c.Number(2, "momentum", 0.1);

    private static ConvPadding Padding(Call c) => c.Get(4, "padding") is string name ? name : c.Ints(4, "padding");

    private static PadMode Mode(Call c) => c.Text(8, "padding_mode") is { } name and not "zeros"
        ? Enum.Parse<PadMode>(name, ignoreCase: true)
        : PadMode.Constant;
}
