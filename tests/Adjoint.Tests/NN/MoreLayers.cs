using L = Adjoint.NN; // some layers are called like operators

namespace Adjoint.Tests.NN;

/// <summary>
/// Layers whose first values, outputs and gradients are compared with PyTorch's by <c>modules.jsonl.gz</c>; here they are rows of
/// <see cref="LayerTable"/> for the tests of text, state and derivatives. Texts are those of that file.
/// </summary>
internal static class MoreLayers
{
    public static IEnumerable<LayerCase> All { get; } =
    [
        new("Hardshrink(0.5)", "", (_, _) => new L.Hardshrink(), [7]),
        new("Softshrink(0.5)", "", (_, _) => new L.Softshrink(), [7]),
        new("Tanhshrink()", "", (_, _) => new L.Tanhshrink(), [7]),
        new("Threshold(threshold=0.1, value=20.0)", "", (_, _) => new L.Threshold(0.1, 20), [7]),
        new("GLU(dim=-1)", "", (_, _) => new L.GLU(), [2, 6]),
        new("PReLU(num_parameters=3)", "weight[3]", (d, _) => new L.PReLU(3, dtype: d), [2, 3, 2]),
        new("Softmin(dim=1)", "", (_, _) => new L.Softmin(1), [2, 3]),
        new("Softmax2d()", "", (_, _) => new L.Softmax2d(), [2, 3, 2, 2]),
        new("Unflatten(dim=1, unflattened_size=(2, 3))", "", (_, _) => new L.Unflatten(1, (2, 3)), [2, 6]),
        new("ConstantPad1d(padding=(1, 2), value=3.5)", "", (_, _) => new L.ConstantPad1d((1, 2), 3.5), [1, 2, 3]),
        new("ConstantPad2d(padding=(1, 1, 1, 1), value=0.5)", "", (_, _) => new L.ConstantPad2d(1, 0.5), [1, 1, 2, 2]),
        new("ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=0.5)", "", (_, _) => new L.ConstantPad3d(1, 0.5), [1, 1, 2, 1, 2]),
        new("ZeroPad1d((1, 1))", "", (_, _) => new L.ZeroPad1d(1), [1, 2, 3]),
        new("ZeroPad2d((1, 2, 0, 1))", "", (_, _) => new L.ZeroPad2d(new[] { 1, 2, 0, 1 }), [1, 1, 2, 2]),
        new("ZeroPad3d((1, 1, 1, 1, 1, 1))", "", (_, _) => new L.ZeroPad3d(1), [1, 1, 1, 2, 1]),
        new("ReflectionPad1d((2, 2))", "", (_, _) => new L.ReflectionPad1d(2), [1, 2, 4]),
        new("ReflectionPad2d((1, 1, 1, 1))", "", (_, _) => new L.ReflectionPad2d(1), [1, 1, 2, 3]),
        new("ReflectionPad3d((1, 1, 1, 1, 1, 1))", "", (_, _) => new L.ReflectionPad3d(1), [1, 1, 2, 2, 2]),
        new("ReplicationPad1d((2, 2))", "", (_, _) => new L.ReplicationPad1d(2), [1, 2, 3]),
        new("ReplicationPad2d((1, 1, 1, 1))", "", (_, _) => new L.ReplicationPad2d(1), [1, 1, 2, 2]),
        new("ReplicationPad3d((1, 1, 1, 1, 1, 1))", "", (_, _) => new L.ReplicationPad3d(1), [1, 1, 1, 2, 2]),
        new("CircularPad1d((2, 1))", "", (_, _) => new L.CircularPad1d((2, 1)), [1, 2, 3]),
        new("CircularPad2d((1, 1, 1, 1))", "", (_, _) => new L.CircularPad2d(1), [1, 1, 2, 2]),
        new("CircularPad3d((1, 1, 1, 1, 1, 1))", "", (_, _) => new L.CircularPad3d(1), [1, 1, 1, 2, 2]),
        new("LPPool1d(norm_type=2.0, kernel_size=2, stride=None, ceil_mode=False)", "", (_, _) => new L.LPPool1d(2, 2), [1, 2, 5]),
        new("LPPool2d(norm_type=2.0, kernel_size=(2, 1), stride=1, ceil_mode=True)", "", (_, _) => new L.LPPool2d(2, (2, 1), 1, true), [1, 1, 3, 3]),
        new("LPPool3d(norm_type=2.0, kernel_size=2, stride=None, ceil_mode=False)", "", (_, _) => new L.LPPool3d(2, 2), [1, 1, 2, 4, 2]),
        new("LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)", "", (_, _) => new L.LocalResponseNorm(2), [2, 3, 2]),
        new("PixelShuffle(upscale_factor=2)", "", (_, _) => new L.PixelShuffle(2), [1, 4, 2, 1]),
        new("PixelUnshuffle(downscale_factor=2)", "", (_, _) => new L.PixelUnshuffle(2), [1, 1, 2, 4]),
        new("ChannelShuffle(groups=2)", "", (_, _) => new L.ChannelShuffle(2), [1, 4, 2]),
        new("Fold(output_size=(2, 3), kernel_size=(2, 2), dilation=1, padding=0, stride=1)", "", (_, _) => new L.Fold((2, 3), (2, 2)), [1, 4, 2]),
        new("Unfold(kernel_size=(2, 2), dilation=1, padding=1, stride=1)", "", (_, _) => new L.Unfold((2, 2), padding: 1, stride: 1), [1, 1, 2, 2]),
        new("Upsample(scale_factor=2.0, mode=nearest)", "", (_, _) => new L.Upsample([2.0]), [1, 2, 3]),
        new("Upsample(size=(3, 4), mode=bilinear)", "", (_, _) => new L.Upsample((3, 4), InterpolateMode.Bilinear, true), [1, 1, 2, 2]),
        new("UpsamplingNearest2d(scale_factor=2.0, mode=nearest)", "", (_, _) => new L.UpsamplingNearest2d(2.0), [1, 1, 2, 2]),
        new("UpsamplingBilinear2d(size=(3, 4), mode=bilinear)", "", (_, _) => new L.UpsamplingBilinear2d((3, 4)), [1, 1, 2, 2]),
        new("Standardize(features=3)", "mean[3] std[3]", (d, _) => new L.Standardize(3, d), [2, 3]),
        new("AlphaDropout(p=0.5, inplace=False)", "", (_, g) => new L.AlphaDropout(generator: g), [2, 3]),
        new("FeatureAlphaDropout(p=0.5, inplace=False)", "", (_, g) => new L.FeatureAlphaDropout(generator: g), [2, 3, 2]),
        new("Conv1d(1, 2, kernel_size=(3,), stride=(1,), padding=(1,), padding_mode=circular)", "weight[2, 1, 3] bias[2]",
            (d, g) => new L.Conv1d(1, 2, 3, padding: 1, paddingMode: PadMode.Circular, dtype: d, generator: g), [1, 1, 4]),
        new("Conv2d(1, 1, kernel_size=(2, 2), stride=(1, 1), padding=same, padding_mode=replicate)", "weight[1, 1, 2, 2] bias[1]",
            (d, g) => new L.Conv2d(1, 1, 2, padding: "same", paddingMode: PadMode.Replicate, dtype: d, generator: g), [1, 1, 3, 3]),
    ];
}
