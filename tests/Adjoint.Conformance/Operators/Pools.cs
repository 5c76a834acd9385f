using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Pools.</summary>
internal static class Pools
{
    public static void Add(OperatorTable table)
    {
        table["nn.functional.avg_pool1d"] = c => c.X.AvgPool1d(
            c.Ints(0, "kernel_size"), c.Ints(1, "stride"), c.Ints(2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true));
        table["nn.functional.avg_pool2d"] = c => c.X.AvgPool2d(
            c.Ints(0, "kernel_size"), c.Ints(1, "stride"), c.Ints(2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true),
            c.IntOrNull(5, "divisor_override"));
        table["nn.functional.avg_pool3d"] = c => c.X.AvgPool3d(
            c.Ints(0, "kernel_size"), c.Ints(1, "stride"), c.Ints(2, "padding"), c.Flag(3, "ceil_mode"), c.Flag(4, "count_include_pad", true),
            c.IntOrNull(5, "divisor_override"));
        Max(table, 1, (x, kernel, stride, padding, dilation, ceil) => x.MaxPool1dWithIndices(kernel, stride, padding, dilation, ceil));
        Max(table, 2, (x, kernel, stride, padding, dilation, ceil) => x.MaxPool2dWithIndices(kernel, stride, padding, dilation, ceil));
        Max(table, 3, (x, kernel, stride, padding, dilation, ceil) => x.MaxPool3dWithIndices(kernel, stride, padding, dilation, ceil));
        Unpool(table, 1, (x, indices, kernel, stride, padding, size) => x.MaxUnpool1d(indices, kernel, stride, padding, size));
        Unpool(table, 2, (x, indices, kernel, stride, padding, size) => x.MaxUnpool2d(indices, kernel, stride, padding, size));
        Unpool(table, 3, (x, indices, kernel, stride, padding, size) => x.MaxUnpool3d(indices, kernel, stride, padding, size));
        table["nn.functional.lp_pool1d"] = c => c.X.LpPool1d(
            c.Number(0, "norm_type", 2), c.Ints(1, "kernel_size")[0], c.Ints(2, "stride"), c.Flag(3, "ceil_mode"));
        table["nn.functional.lp_pool2d"] = c => c.X.LpPool2d(
            c.Number(0, "norm_type", 2), c.Ints(1, "kernel_size"), c.Ints(2, "stride"), c.Flag(3, "ceil_mode"));
        table["nn.functional.adaptive_avg_pool1d"] = c => c.X.AdaptiveAvgPool1d(Sizes(c));
        table["nn.functional.adaptive_avg_pool2d"] = c => c.X.AdaptiveAvgPool2d(Sizes(c));
        table["nn.functional.adaptive_avg_pool3d"] = c => c.X.AdaptiveAvgPool3d(Sizes(c));
        table["nn.functional.adaptive_max_pool1d"] = c => Picked(c, 1, c.X.AdaptiveMaxPool1dWithIndices(Sizes(c)));
        table["nn.functional.adaptive_max_pool2d"] = c => Picked(c, 1, c.X.AdaptiveMaxPool2dWithIndices(Sizes(c)));
        table["nn.functional.adaptive_max_pool3d"] = c => Picked(c, 1, c.X.AdaptiveMaxPool3dWithIndices(Sizes(c)));
    }

    private static void Unpool(OperatorTable table, int axes, Func<Tensor, Tensor, PerAxis, PerAxis, PerAxis, int[]?, Tensor> unpool)
    {
        table[$"nn.functional.max_unpool{axes}d"] = Run;
        table[$"nn.functional.max_unpool{axes}d:grad"] = Run;

        Outputs Run(Call c) => unpool(
            c.X, c.Tensor(0, "indices"), c.Ints(1, "kernel_size"), c.Ints(2, "stride"), c.Ints(3, "padding"),
            c.Has(4, "output_size") ? c.Ints(4, "output_size") : null);
    }

    private static void Max(
        OperatorTable table, int axes, Func<Tensor, PerAxis, PerAxis, PerAxis, PerAxis, bool, (Tensor Output, Tensor Indices)> pool) =>
        table[$"nn.functional.max_pool{axes}d"] = c => Picked(
            c,
            5,
            pool(
                c.X, c.Ints(0, "kernel_size"), c.Ints(1, "stride"), c.Ints(2, "padding"), c.Ints(3, "dilation"), c.Flag(4, "ceil_mode")));

    private static Outputs Picked(Call c, int place, (Tensor Output, Tensor Indices) result) =>
        c.Flag(place, "return_indices") ? result : result.Output;

    /// <summary>The sizes of a result, where None keeps the size of an axis.</summary>
    private static PerAxis Sizes(Call c)
    {
        var value = c.Get(0, "output_size");
        return Call.Several(value) is { } items
            ? Array.ConvertAll(items, item => item is long size ? (int)size : -1)
            : (int)(long)value!;
    }
}
