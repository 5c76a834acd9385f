using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>Padding, interpolation, windows and unpooling, with arguments, for <see cref="Samples"/>.</summary>
internal static class Resamplings
{
    /// <summary>Where points of a grid pass from one of four elements to another, or turn back at an outer edge.</summary>
    private static readonly double[] Edges = [-1.25, -1, -0.75, -0.25, 0.25, 0.75, 1, 1.25];

    /// <summary>The same where the corners are middles of elements; and where the nearest of them is another.</summary>
    private static readonly double[] Corners = [-4 / 3.0, -1, -2 / 3.0, -1 / 3.0, 0, 1 / 3.0, 2 / 3.0, 1, 4 / 3.0];

    public static IEnumerable<Call> Calls() =>
    [
        One("x.Pad([1, 2, 0, 1], 0.5)", [2, 3], x => x.Pad([1, 2, 0, 1], value: 0.5)),
        One("x.Pad([-1, 1, 2, -1])", [3, 4], x => x.Pad([-1, 1, 2, -1])),
        One("x.Pad, reflect", [1, 2, 3, 4], x => x.Pad([1, 2, 2, 0], PadMode.Reflect)),
        One("x.Pad, reflect and cut", [2, 5], x => x.Pad([-1, 2], PadMode.Reflect)),
        One("x.Pad, replicate", [2, 2, 2, 3], x => x.Pad([1, 0, 0, 2, 1, 1], PadMode.Replicate)),
        One("x.Pad, circular", [2, 3, 4], x => x.Pad([2, 1, 1, 3], PadMode.Circular)),
        One("x.Pad, circular and cut", [2, 5], x => x.Pad([-2, 1], PadMode.Circular)),
        One("x.Interpolate, nearest 1d", [2, 2, 5], x => x.Interpolate(3)),
        One("x.Interpolate, nearest 3d", [1, 2, 2, 3, 2], x => x.Interpolate((3, 2, 4))),
        One("x.Interpolate, nearest-exact 2d", [1, 2, 4, 3], x => x.Interpolate(scaleFactor: [1.7, 0.6], mode: InterpolateMode.NearestExact)),
        One("x.Interpolate, linear", [2, 2, 5], x => x.Interpolate(8, mode: InterpolateMode.Linear)),
        One("x.Interpolate, bilinear", [1, 2, 4, 3], x => x.Interpolate((6, 2), mode: InterpolateMode.Bilinear)),
        One("x.Interpolate, bilinear, corners", [2, 1, 3, 4], x => x.Interpolate((5, 3), mode: InterpolateMode.Bilinear, alignCorners: true)),
        One("x.Interpolate, bilinear, scale", [1, 2, 4, 4], x => x.Interpolate(scaleFactor: [1.7], mode: InterpolateMode.Bilinear)),
        One("x.Interpolate, bilinear, antialias", [1, 1, 7, 5], x => x.Interpolate((3, 2), mode: InterpolateMode.Bilinear, antialias: true)),
        One("x.Interpolate, trilinear", [1, 2, 2, 3, 2], x => x.Interpolate((3, 4, 2), mode: InterpolateMode.Trilinear)),
        One("x.Interpolate, bicubic", [1, 2, 4, 5], x => x.Interpolate((6, 3), mode: InterpolateMode.Bicubic)),
        One("x.Interpolate, bicubic, corners", [1, 1, 3, 4], x => x.Interpolate((4, 5), mode: InterpolateMode.Bicubic, alignCorners: true)),
        One("x.Interpolate, bicubic, antialias", [1, 1, 9, 6], x => x.Interpolate((3, 4), mode: InterpolateMode.Bicubic, antialias: true)),
        One("x.Interpolate, area", [1, 2, 4, 5], x => x.Interpolate((3, 2), mode: InterpolateMode.Area)),
        One("x.PixelShuffle(2)", [2, 8, 2, 3], x => x.PixelShuffle(2), isLoose: false),
        One("x.PixelUnshuffle(2)", [3, 4, 2], x => x.PixelUnshuffle(2), isLoose: false),
        One("x.ChannelShuffle(2)", [2, 6, 2], x => x.ChannelShuffle(2), isLoose: false),
        One("x.Im2Col(2)", [2, 2, 3, 4], x => x.Im2Col(2)),
        One("x.Im2Col, all settings", [1, 5, 6], x => x.Im2Col((3, 2), (1, 2), (2, 1), (2, 1))),
        One("x.Col2Im", [2, 8, 6], x => x.Col2Im((3, 4), 2)),
        One("x.Col2Im, all settings", [6, 24], x => x.Col2Im((5, 6), (3, 2), (1, 2), (2, 1), (2, 1))),
        Unpool("x.MaxUnpool1d", [2, 2, 3], [2, 2, 6], (x, at) => x.MaxUnpool1d(at, 2)),
        Unpool("x.MaxUnpool2d", [2, 2, 3], [2, 4, 7], (x, at) => x.MaxUnpool2d(at, 2, outputSize: [4, 7])),
        Unpool("x.MaxUnpool3d", [1, 2, 2, 1, 2], [1, 2, 4, 2, 4], (x, at) => x.MaxUnpool3d(at, 2)),
        One("x.LpPool1d(2, 3)", [2, 2, 7], x => x.LpPool1d(2, 3, 2)),
        One("x.LpPool2d(4, 2)", [1, 2, 4, 5], x => x.LpPool2d(4, 2)),
        One("x.LocalResponseNorm(3)", [2, 4, 2, 2], x => x.LocalResponseNorm(3, alpha: 0.5, beta: 0.6)),
        One("x.AffineGrid, 2d", [2, 2, 3], x => x.AffineGrid([2, 1, 3, 2])),
        One("x.AffineGrid, 3d, corners", [1, 3, 4], x => x.AffineGrid([1, 1, 2, 3, 1], true)),
        Grid("x.GridSample(y), bilinear, zeros", GridSampleMode.Bilinear, GridSamplePadding.Zeros, false),
        Grid("x.GridSample(y), bilinear, border", GridSampleMode.Bilinear, GridSamplePadding.Border, true),
        Grid("x.GridSample(y), bilinear, reflection", GridSampleMode.Bilinear, GridSamplePadding.Reflection, false),
        Grid("x.GridSample(y), nearest, reflection", GridSampleMode.Nearest, GridSamplePadding.Reflection, true),
        Grid("x.GridSample(y), bicubic, zeros", GridSampleMode.Bicubic, GridSamplePadding.Zeros, false),
        Grid("x.GridSample(y), bicubic, border", GridSampleMode.Bicubic, GridSamplePadding.Border, false),
        Grid("x.GridSample(y), bicubic, reflection", GridSampleMode.Bicubic, GridSamplePadding.Reflection, true),
        new(
            "x.GridSample(y), 3d",
            draw => new(
                x => x[0].GridSample(x[1], GridSampleMode.Bilinear, GridSamplePadding.Reflection),
                draw.Tensor(1, 2, 4, 4, 4),
                draw.Tensor([1, 2, 1, 2, 3], new Domain(-1.4, 1.4) { Kinks = Edges })),
            IsLoose: true),
        One("x.NativeLayerNorm", [2, 3, 2], x => x.NativeLayerNorm([3, 2]).Output),
    ];

    // What several outputs come from gets their gradients in an order of its own.
    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run, bool isLoose = true) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape)), isLoose);

    private static Call Grid(string name, GridSampleMode mode, GridSamplePadding padding, bool alignCorners) => new(
        name,
        draw => new(
            x => x[0].GridSample(x[1], mode, padding, alignCorners),
            draw.Tensor(2, 2, 4, 4),
            draw.Tensor([2, 2, 3, 2], new Domain(-1.4, 1.4) { Kinks = alignCorners ? Corners : Edges })),
        IsLoose: true);

    /// <summary>Positions that differ within a channel: where they do not, PyTorch's gradient is not the derivative.</summary>
    private static Call Unpool(string name, int[] shape, int[] output, Func<Tensor, Tensor, Tensor> run) => new(
        name,
        draw =>
        {
            var axes = name[^2] - '0';
            var (each, size) = ((int)Shape.Product(shape.AsSpan(shape.Length - axes)), (int)Shape.Product(output.AsSpan(output.Length - axes)));
            var channels = (int)Shape.Product(shape) / each;
            var at = Enumerable.Range(0, channels).SelectMany(_ => draw.Order(size)[..each].Select(position => (long)position));
            var positions = Tensor.FromArray(at.ToArray()).Reshape(shape);
            return new(x => run(x[0], positions), draw.Tensor(shape));
        });
}
