namespace Adjoint.Tests.Resampling;

/// <summary>
/// Interpolation, padding, windows and grids: values from the examples of PyTorch's documentation and closed forms, and what is refused.
/// </summary>
public class ResamplingTests
{
    /// <summary>torch.nn.Upsample's examples: [[1, 2], [3, 4]], twice as large.</summary>
    [Fact]
    public void UpsampledAsInTheDocumentation()
    {
        var x = Tensor.FromArray(new[] { 1.0, 2, 3, 4 }).Reshape(1, 1, 2, 2);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], x.Interpolate(scaleFactor: [2]).ToArray<double>());
        Assert.Equal(
            [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4],
            x.Interpolate(scaleFactor: [2], mode: InterpolateMode.Bilinear).ToArray<double>());
        double[] third = [3, 4, 5, 6, 5, 6, 7, 8, 7, 8, 9, 10, 9, 10, 11, 12];
        Near(third.Select(value => value / 3), x.Interpolate(4, mode: InterpolateMode.Bilinear, alignCorners: true));
        Near(third.Select(value => value / 3), x.UpsampleBilinear(4));
    }

    /// <summary>The input of output i of 5 from 3: floor(i * 3 / 5), and floor((i + 1/2) * 3 / 5).</summary>
    [Fact]
    public void NearestHasTwoMeanings()
    {
        var x = Tensor.FromArray(new[] { 0L, 1, 2 }).Reshape(1, 1, 3);
        Assert.Equal([0L, 0, 1, 1, 2], x.Interpolate(5).ToArray<long>());
        Assert.Equal([0L, 0, 1, 2, 2], x.Interpolate(5, mode: InterpolateMode.NearestExact).ToArray<long>());
        Assert.Equal([0.0, 0, 1, 1, 2], x.To(DType.BFloat16).Interpolate(5).ToArray<double>());
    }

    /// <summary>The triangle over twice the cell, at distances 1/4, 1/4, 3/4: weights 3/4, 3/4, 1/4 of their sum 7/4.</summary>
    [Fact]
    public void AntialiasSeesWhatLiesBetween()
    {
        var x = Tensor.FromArray(new[] { 1.0, 0, 0, 0 }).Reshape(1, 1, 1, 4).Expand(1, 1, 4, 4);
        var y = x.Interpolate((4, 2), mode: InterpolateMode.Bilinear, antialias: true);
        Near([3 / 7.0, 0], y[0, 0, 0]);
        var constant = Tensor.Ones([1, 1, 9, 7], DType.Float64);
        Assert.All(
            constant.Interpolate((4, 3), mode: InterpolateMode.Bicubic, antialias: true).ToArray<double>(), value => Assert.Equal(1, value, 12));
        Assert.All(constant.Interpolate((20, 13), mode: InterpolateMode.Bicubic).ToArray<double>(), value => Assert.Equal(1, value, 12));
    }

    /// <summary>A large image on several threads against the formula written out, forwards and backwards.</summary>
    [Theory]
    [InlineData(200, 150, 333, 401)]
    [InlineData(120, 301, 77, 64)]
    public void BilinearIsItsFormula(int height, int width, int newHeight, int newWidth)
    {
        var x = (Tensor.Arange(3.0 * height * width).To(DType.Float64) * 0.37).Sin().Reshape(1, 3, height, width).RequiresGrad_();
        var y = x.Interpolate((newHeight, newWidth), mode: InterpolateMode.Bilinear);
        var (values, result) = (x.Detach().ToArray<double>(), y.Detach().ToArray<double>());
        var g = (Tensor.Arange(y.Count).To(DType.Float64) * 0.73).Cos().Reshape(y.Shape.AsSpan());
        var seeds = g.ToArray<double>();
        var expected = new double[values.Length];
        for (var c = 0; c < 3; c++)
        {
            for (var i = 0; i < newHeight; i++)
            {
                var (top, t) = Place(i, height, newHeight);
                for (var j = 0; j < newWidth; j++)
                {
                    var (left, s) = Place(j, width, newWidth);
                    var sum = 0.0;
                    foreach (var (row, p) in new[] { (top, 1 - t), (Math.Min(top + 1, height - 1), t) })
                    {
                        foreach (var (column, q) in new[] { (left, 1 - s), (Math.Min(left + 1, width - 1), s) })
                        {
                            sum += p * q * values[(((c * height) + row) * width) + column];
                            expected[(((c * height) + row) * width) + column] += p * q * seeds[(((c * newHeight) + i) * newWidth) + j];
                        }
                    }

                    Assert.InRange(result[(((c * newHeight) + i) * newWidth) + j] - sum, -1e-11, 1e-11);
                }
            }
        }

        y.Backward(g);
        Assert.Equal(expected, x.Grad!.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-11);
    }

    /// <summary>The examples of torch.nn.ReflectionPad2d, ReplicationPad2d and CircularPad2d: numbers 0 to 8, two around them.</summary>
    [Fact]
    public void PaddedAsInTheDocumentation()
    {
        foreach (var dtype in new[] { DType.Int64, DType.UInt8, DType.Float16, DType.Float64 })
        {
            var x = Tensor.Arange(9).To(dtype).Reshape(1, 1, 3, 3);
            Assert.Equal([8L, 7, 6, 7, 8, 7, 6], x.Pad([2, 2, 2, 2], PadMode.Reflect)[0, 0, 0].ToArray<long>());
            Assert.Equal([5L, 4, 3, 4, 5, 4, 3], x.Pad([2, 2, 2, 2], PadMode.Reflect)[0, 0, 1].ToArray<long>());
            Assert.Equal([0L, 0, 0, 1, 2, 2, 2], x.Pad([2, 2, 2, 2], PadMode.Replicate)[0, 0, 0].ToArray<long>());
            Assert.Equal([4L, 5, 3, 4, 5, 3, 4], x.Pad([2, 2, 2, 2], PadMode.Circular)[0, 0, 0].ToArray<long>());
            Assert.Equal([7L, 0, 1, 2, 7], x.Pad([1, 1], value: 7)[0, 0, 0].ToArray<long>());
            Assert.Equal([1L, 2], x.Pad([-1, 0, 0, -2])[0, 0].Reshape(-1).ToArray<long>());
        }
    }

    /// <summary>fold(unfold(1)) counts the windows that see each element: 2 * 2 inside, fewer at the edges.</summary>
    [Fact]
    public void FoldCountsWindows()
    {
        var x = Tensor.Ones([1, 2, 3, 4], DType.Float64).RequiresGrad_();
        var columns = x.Im2Col(2);
        Assert.Equal([1, 8, 6], columns.Shape.ToArray());
        double[] counts = [1, 2, 2, 1, 2, 4, 4, 2, 1, 2, 2, 1];
        Assert.Equal([.. counts, .. counts], columns.Detach().Col2Im((3, 4), 2).ToArray<double>());
        columns.Sum().Backward();
        Assert.Equal([.. counts, .. counts], x.Grad!.ToArray<double>());

        // Rows of the matrix are elements of windows, columns are windows.
        var image = Tensor.Arange(6.0).Reshape(1, 2, 3);
        Assert.Equal([0.0, 1, 1, 2, 3, 4, 4, 5], image.Im2Col(2).ToArray<double>());
        Assert.Equal([0.0, 2, 0, 5, 0, 0, 3, 0], image.Im2Col((1, 2), padding: (0, 1), stride: (1, 3)).ToArray<double>());
    }

    /// <summary>torch.nn.MaxUnpool2d's example.</summary>
    [Fact]
    public void UnpooledAsInTheDocumentation()
    {
        var x = Tensor.Arange(1.0, 17.0).Reshape(1, 1, 4, 4);
        var (output, indices) = x.MaxPool2dWithIndices(2, 2);
        double[] expected = [0, 0, 0, 0, 0, 6, 0, 8, 0, 0, 0, 0, 0, 14, 0, 16];
        Assert.Equal(expected, output.MaxUnpool2d(indices, 2, 2).ToArray<double>());
        Assert.Equal([1, 1, 5, 5], output.MaxUnpool2d(indices, 2, 2, outputSize: [1, 1, 5, 5]).Shape.ToArray());
        Assert.Throws<ShapeException>(() => output.MaxUnpool2d(indices, 2, 2, outputSize: [6, 6]));
        Assert.Throws<TensorIndexException>(() => output.MaxUnpool2d(indices + 16, 2, 2));
        Assert.Throws<DTypeException>(() => output.MaxUnpool2d(indices.To(DType.Int32), 2, 2));
    }

    /// <summary>pixel_shuffle: out[c, h r + i, w r + j] = in[c r r + i r + j, h, w] (its documentation); unshuffling undoes it.</summary>
    [Fact]
    public void PixelsAreShuffled()
    {
        var x = Tensor.Arange(2 * 4 * 2 * 3).Reshape(2, 4, 2, 3);
        var y = x.PixelShuffle(2);
        Assert.Equal([2, 1, 4, 6], y.Shape.ToArray());
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                Assert.Equal(x[1, (i % 2 * 2) + (j % 2), i / 2, j / 2].Item(), y[1, 0, i, j].Item());
            }
        }

        Assert.Equal(x.ToArray<long>(), y.PixelUnshuffle(2).ToArray<long>());
        Assert.Equal([0L, 2, 1, 3], Tensor.Arange(4).Reshape(1, 4, 1).ChannelShuffle(2).ToArray<long>());
    }

    /// <summary>The identity map leads each point to itself; points far outside, or that are no numbers, read what padding says.</summary>
    [Fact]
    public void GridsLeadToPoints()
    {
        var x = (Tensor.Arange(2.0 * 3 * 4 * 5).To(DType.Float64) * 0.7).Sin().Reshape(2, 3, 4, 5);
        var identity = Tensor.FromArray(new[] { 1.0, 0, 0, 0, 1, 0 }).Reshape(1, 2, 3).Expand(2, 2, 3);
        foreach (var aligns in new[] { true, false })
        {
            var grid = identity.AffineGrid([2, 3, 4, 5], aligns);
            Near(aligns ? [-1.0, -1, -0.5, -1] : [-0.8, -0.75, -0.4, -0.75], grid[0, 0, ..2]);
            foreach (var mode in Enum.GetValues<GridSampleMode>())
            {
                foreach (var padding in Enum.GetValues<GridSamplePadding>())
                {
                    Near(x.ToArray<double>(), x.GridSample(grid, mode, padding, aligns));
                }
            }
        }

        double[] strange = [double.NaN, 0, double.PositiveInfinity, 0, 1e300, -1e300, 5, 5];
        var far = Tensor.FromArray(strange).Reshape(1, 1, 4, 2).Expand(2, 1, 4, 2);
        foreach (var mode in Enum.GetValues<GridSampleMode>())
        {
            Assert.All(x.GridSample(far, mode).ToArray<double>(), value => Assert.Equal(0, value));
            foreach (var padding in new[] { GridSamplePadding.Border, GridSamplePadding.Reflection })
            {
                Assert.All(x.GridSample(far, mode, padding).ToArray<double>(), value => Assert.InRange(value, -4, 4));
            }
        }

        Near(x[.., .., 3, 4].ToArray<double>(), x.GridSample(far, paddingMode: GridSamplePadding.Border)[.., .., 0, 3]);
    }

    public static TheoryData<string, string> NodeNames => new()
    {
        { "nearest", "UpsampleNearest2DBackward0" },
        { "nearest-exact", "UpsampleNearestExact1DBackward0" },
        { "linear", "UpsampleLinear1DBackward0" },
        { "bilinear", "UpsampleBilinear2DBackward0" },
        { "trilinear", "UpsampleTrilinear3DBackward0" },
        { "bicubic", "UpsampleBicubic2DBackward0" },
        { "antialias", "UpsampleBilinear2DAaBackward0" },
        { "reflect", "ReflectionPad1DBackward0" },
        { "replicate", "ReplicationPad2DBackward0" },
        { "constant", "ConstantPadNdBackward0" },
        { "shuffle", "PixelShuffleBackward0" },
        { "unshuffle", "PixelUnshuffleBackward0" },
        { "im2col", "Im2ColBackward0" },
        { "col2im", "Col2ImBackward0" },
        { "grid", "GridSampler2DBackward0" },
        { "affine", "AffineGridGeneratorBackward0" },
        { "unpool", "MaxUnpool2DBackward0" },
    };

    /// <summary>PyTorch's names (derivatives.yaml).</summary>
    [Theory]
    [MemberData(nameof(NodeNames))]
    public void NodesHavePyTorchsNames(string what, string name)
    {
        var x = Tensor.Ones(1, 4, 4, 4).RequiresGrad_();
        var y = what switch
        {
            "nearest" => x.Interpolate(2),
            "nearest-exact" => x[0].Interpolate(2, mode: InterpolateMode.NearestExact),
            "linear" => x[0].Interpolate(2, mode: InterpolateMode.Linear),
            "bilinear" => x.Interpolate(2, mode: InterpolateMode.Bilinear),
            "trilinear" => x.Unsqueeze(0).Interpolate(2, mode: InterpolateMode.Trilinear),
            "bicubic" => x.Interpolate(2, mode: InterpolateMode.Bicubic),
            "antialias" => x.Interpolate(2, mode: InterpolateMode.Bilinear, antialias: true),
            "reflect" => x[0].Pad([1, 1], PadMode.Reflect),
            "replicate" => x.Pad([1, 1, 1, 1], PadMode.Replicate),
            "constant" => x.Pad([1, 1]),
            "shuffle" => x.PixelShuffle(2),
            "unshuffle" => x.PixelUnshuffle(2),
            "im2col" => x.Im2Col(2),
            "col2im" => x[0, 0].Col2Im((3, 3), 2),
            "grid" => x.GridSample(Tensor.Zeros(1, 2, 2, 2)),
            "affine" => Tensor.Ones(1, 2, 3).RequiresGrad_().AffineGrid([1, 1, 2, 2]),
            _ => x.MaxUnpool2d(Tensor.Arange(16).Reshape(4, 4).Expand(1, 4, 4, 4), 1),
        };
        Assert.Equal(name, y.GradFn!.Name);
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        var x = Tensor.Zeros(1, 2, 3, 4);
        Assert.Throws<TensorException>(() => x.Interpolate());
        Assert.Throws<TensorException>(() => x.Interpolate(2, [2]));
        Assert.Throws<ShapeException>(() => x.Interpolate((2, 2, 2)));
        Assert.Throws<ShapeException>(() => x.Interpolate(0));
        Assert.Throws<ShapeException>(() => x.Interpolate(-3));
        Assert.Throws<ShapeException>(() => x.Interpolate(scaleFactor: [0.1]));
        Assert.Throws<ShapeException>(() => x.Interpolate(scaleFactor: [double.NaN]));
        Assert.Throws<ShapeException>(() => x.Interpolate(scaleFactor: [double.PositiveInfinity]));
        Assert.Throws<ShapeException>(() => x.Interpolate(scaleFactor: [-1]));
        Assert.Throws<ShapeException>(() => x.Interpolate(2, mode: InterpolateMode.Linear));
        Assert.Throws<ShapeException>(() => x[0, 0].Interpolate(2));
        Assert.Throws<TensorException>(() => x.Interpolate(2, alignCorners: false));
        Assert.Throws<TensorException>(() => x.Interpolate(2, mode: InterpolateMode.Area, antialias: true));
        Assert.Throws<DTypeException>(() => x.To(DType.Int64).Interpolate(2, mode: InterpolateMode.Bilinear));
        Assert.Throws<ShapeException>(() => x.Pad([1]));
        Assert.Throws<ShapeException>(() => x.Pad([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
        Assert.Throws<ShapeException>(() => x.Pad([-3, -2]));
        Assert.Throws<ShapeException>(() => x.Pad([int.MaxValue, int.MaxValue]));
        Assert.Throws<ShapeException>(() => x.Pad([4, 0], PadMode.Reflect));
        Assert.Throws<ShapeException>(() => x[0].Pad([4, 0], PadMode.Reflect));
        Assert.Throws<ShapeException>(() => x[0].Pad([0, 5], PadMode.Circular));
        Assert.Throws<ShapeException>(() => x[0].Pad([-3, -1], PadMode.Replicate));
        Assert.Throws<ShapeException>(() => x[0].Pad([-4, 4], PadMode.Circular));
        Assert.Throws<DTypeException>(() => x.To(DType.UInt8).Pad([1, 1], value: 300));
        Assert.Throws<ShapeException>(() => x.PixelShuffle(2));
        Assert.Throws<ShapeException>(() => x.PixelUnshuffle(2));
        Assert.Throws<ShapeException>(() => x.Im2Col(4));
        Assert.Throws<ShapeException>(() => x.Im2Col((1, 0)));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(4, 5).Col2Im((3, 3), 2));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(3, 4).Col2Im((3, 3), 2));
        Assert.Throws<ShapeException>(() => x.GridSample(Tensor.Zeros(2, 1, 1, 2)));
        Assert.Throws<ShapeException>(() => x.GridSample(Tensor.Zeros(1, 1, 1, 3)));
        Assert.Throws<DTypeException>(() => x.GridSample(Tensor.Zeros([1, 1, 1, 2], DType.Float64)));
        Assert.Throws<ShapeException>(() => x.Unsqueeze(0).GridSample(Tensor.Zeros(1, 1, 1, 1, 3), GridSampleMode.Bicubic));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(1, 2, 2).AffineGrid([1, 1, 2, 2]));
        Assert.Throws<ShapeException>(() => x[0, 0].LocalResponseNorm(2));
    }

    [Fact]
    public void EmptyBatchesStayEmpty()
    {
        var none = Tensor.Zeros(0, 4, 2, 2).RequiresGrad_();
        Tensor[] results =
        [
            none.Interpolate(3), none.Interpolate(3, mode: InterpolateMode.Bicubic), none.Pad([1, 1, 1, 1], PadMode.Reflect), none.Pad([1, 1]),
            none.PixelShuffle(2), none.Im2Col(2), none.GridSample(Tensor.Zeros(0, 3, 3, 2)),
        ];
        foreach (var result in results)
        {
            Assert.Equal(0, result.Count);
            result.Sum().Backward();
        }

        Assert.Equal(none.Shape, none.Grad!.Shape);
    }

    private static void Near(IEnumerable<double> expected, Tensor actual) =>
        Assert.Equal(expected, actual.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);

    /// <summary>The first neighbour of an output, and how far it is from it.</summary>
    private static (int First, double Part) Place(int i, int size, int newSize)
    {
        var place = Math.Max(((i + 0.5) * size / newSize) - 0.5, 0);
        return ((int)place, place - (int)place);
    }
}
