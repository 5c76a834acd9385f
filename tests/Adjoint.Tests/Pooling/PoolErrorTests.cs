namespace Adjoint.Tests.Pooling;

/// <summary>What pools say of wrong arguments: the first sentences of libtorch 2.10, provoked through TorchSharp 0.107.</summary>
public class PoolErrorTests
{
    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> Cases = new()
    {
        ["max 1d, rank"] = ("max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:[5]",
            () => Of(5).MaxPool1d(2)),
        ["max 1d, kernel"] = ("max_pool1d() kernel_size must be greater than zero, but got 0", () => Line.MaxPool1d(0)),
        ["max 1d, stride"] = ("max_pool1d() stride must be greater than zero, but got 0", () => Line.MaxPool1d(2, 0)),
        ["max 1d, padding"] = ("max_pool1d() padding must be non-negative, but got -1", () => Line.MaxPool1d(2, 2, -1)),
        ["max 1d, half"] = ("max_pool1d() padding should be at most half of kernel size, but got padding=2 and kernel_size=2",
            () => Line.MaxPool1d(2, 2, 2)),
        ["max 1d, dilation"] = ("max_pool1d() dilation must be greater than zero, but got 0", () => Line.MaxPool1d(2, 2, 0, 0)),
        ["max 1d, small"] = ("max_pool1d() Invalid computed output size: 0", () => Line.MaxPool1d(7)),
        ["max 1d, kernel numbers"] = ("max_pool1d() kernel_size must be an int, list of ints or tuple of ints of size 1 but got size 2",
            () => Line.MaxPool1d((2, 2))),
        ["max 1d, stride numbers"] = ("max_pool1d() stride must be None, an int, list of ints, or tuple of ints of size 1 but got size 2",
            () => Line.MaxPool1d(2, (2, 2))),
        ["max 1d, padding numbers"] = ("max_pool1d() padding must be an int, list of ints, or tuple of ints of size 1 but got size 2",
            () => Line.MaxPool1d(2, 2, (0, 0))),
        ["max 1d, dilation numbers"] = ("max_pool1d() dilation must be an int, list of ints or tuple of ints of size 1 but got size 2",
            () => Line.MaxPool1d(2, 2, 0, (1, 1))),
        ["max 1d, empty"] = ("max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:[1, 2, 0]",
            () => Of(1, 2, 0).MaxPool1d(2)),
        ["average 1d, rank"] = (
            "Expected 2 to 3 dimensions, but got 1-dimensional tensor for argument #1 'self' (while checking arguments for avg_pool1d)",
            () => Of(5).AvgPool1d(2)),
        ["average 1d, kernel"] = ("stride should not be zero", () => Line.AvgPool1d(0)),
        ["average 1d, kernel, strided"] = ("kernel size should be greater than zero, but got kH: 1 kW: 0", () => Line.AvgPool1d(0, 1)),
        ["average 1d, stride"] = ("stride should be greater than zero, but got dH: 1 dW: -1", () => Line.AvgPool1d(2, -1)),
        ["average 1d, padding"] = ("pad must be non-negative, but got pad: -1", () => Line.AvgPool1d(2, 2, -1)),
        ["average 1d, small"] = ("Given input size: (2x1x5). Calculated output size: (2x1x0). Output size is too small", () => Line.AvgPool1d(7)),
        ["average 1d, kernel numbers"] = ("avg_pool1d() argument 'kernel_size' should contain one int (got 2)", () => Line.AvgPool1d((2, 2))),
        ["average 1d, empty"] = ("Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[1, 2, 1, 0]",
            () => Of(1, 2, 0).AvgPool1d(2)),
        ["max 2d, rank"] = ("non-empty 3D or 4D (batch mode) tensor expected for input", () => Of(5, 5).MaxPool2d(2)),
        ["max 2d, kernel"] = ("stride should not be zero", () => Image.MaxPool2d(0)),
        ["max 2d, kernel, strided"] = ("kernel size should be greater than zero, but got kH: 0 kW: 2", () => Image.MaxPool2d((0, 2), 1)),
        ["max 2d, stride 0"] = ("stride should not be zero", () => Image.MaxPool2d(2, 0)),
        ["max 2d, stride -1"] = ("stride should be greater than zero, but got dH: -1 dW: 1", () => Image.MaxPool2d(2, (-1, 1))),
        ["max 2d, padding"] = ("pad must be non-negative, but got pad: -1", () => Image.MaxPool2d(2, 2, -1)),
        ["max 2d, half"] = ("pad should be at most half of effective kernel size, but got pad=2, kernel_size=3 and dilation=1",
            () => Image.MaxPool2d(3, 1, (1, 2))),
        ["max 2d, half, dilated"] = ("pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=2",
            () => Image.MaxPool2d(2, 2, 2, 2)),
        ["max 2d, dilation"] = ("dilation should be greater than zero, but got dilationH: 0 dilationW: 0", () => Image.MaxPool2d(2, 2, 0, 0)),
        ["max 2d, small"] = ("Given input size: (2x5x5). Calculated output size: (2x0x0). Output size is too small", () => Image.MaxPool2d(7)),
        ["max 2d, small, no batch"] = ("Given input size: (2x5x5). Calculated output size: (2x0x0). Output size is too small",
            () => Image[0].MaxPool2d(7)),
        ["max 2d, kernel numbers"] = ("max_pool2d: kernel_size must either be a single int, or a tuple of two ints",
            () => Image.MaxPool2d((2, 2, 2))),
        ["max 2d, stride numbers"] = ("max_pool2d: stride must either be omitted, a single int, or a tuple of two ints",
            () => Image.MaxPool2d(2, (2, 2, 2))),
        ["max 2d, padding numbers"] = ("max_pool2d: padding must either be a single int, or a tuple of two ints",
            () => Image.MaxPool2d(2, 2, (0, 0, 0))),
        ["max 2d, dilation numbers"] = ("max_pool2d: dilation must be either a single int, or a tuple of two ints",
            () => Image.MaxPool2d(2, 2, 0, (1, 1, 1))),
        ["max 2d, empty"] = ("Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[1, 0, 5, 5]",
            () => Of(1, 0, 5, 5).MaxPool2d(2)),
        ["average 2d, rank"] = ("Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[5, 5]",
            () => Of(5, 5).AvgPool2d(2)),
        ["average 2d, kernel numbers"] = ("avg_pool2d: kernel_size must either be a single int, or a tuple of two ints",
            () => Image.AvgPool2d((2, 2, 2))),
        ["average 2d, stride numbers"] = ("avg_pool2d: stride must either be omitted, a single int, or a tuple of two ints",
            () => Image.AvgPool2d(2, (2, 2, 2))),
        ["max 3d, rank"] = ("non-empty 4D or 5D (batch mode) tensor expected for input", () => Of(5, 5).MaxPool3d(2)),
        ["max 3d, kernel, strided"] = ("kernel size should be greater than zero, but got kT: 0 kH: 2 kW: 2", () => Cube.MaxPool3d((0, 2, 2), 1)),
        ["max 3d, stride"] = ("stride should be greater than zero, but got dT: -1 dH: 1 dW: 1", () => Cube.MaxPool3d(2, (-1, 1, 1))),
        ["max 3d, dilation"] = ("dilation should be greater than zero, but got dilationT: 0 dilationH: 0 dilationW: 0",
            () => Cube.MaxPool3d(2, 2, 0, 0)),
        ["max 3d, small"] = ("Given input size: (2x5x5x5). Calculated output size: (2x0x0x0). Output size is too small", () => Cube.MaxPool3d(7)),
        ["max 3d, kernel numbers"] = ("max_pool3d: kernel_size must either be a single int, or a tuple of three ints", () => Cube.MaxPool3d((2, 2))),
        ["max 3d, empty"] = (
            "max_pool3d_with_indices_out_cpu_template(): Expected input's non-batch dimensions to have positive length, but input has a shape of " +
            "[1, 0, 5, 5, 5] and non-batch dimension 0 has length zero!",
            () => Of(1, 0, 5, 5, 5).MaxPool3d(2)),
        ["average 3d, rank"] = ("non-empty 4D or 5D (batch mode) tensor expected for input", () => Of(5, 5).AvgPool3d(2)),
        ["average 3d, small"] = ("input image (T: 5 H: 5 W: 5) smaller than kernel size (kT: 7 kH: 7 kW: 7)", () => Cube.AvgPool3d(7, 1, 2)),
        ["average 3d, kernel numbers"] = ("avg_pool3d: kernel_size must be a single int, or a tuple of three ints", () => Cube.AvgPool3d((2, 2))),
        ["average 3d, stride numbers"] = ("avg_pool3d: stride must be omitted, a single int, or a tuple of three ints",
            () => Cube.AvgPool3d(2, (2, 2))),
        ["average 3d, empty"] = (
            "avg_pool3d(): Expected input's non-batch dimensions to have positive length, but input has a shape of [1, 2, 0, 5, 5] and non-batch " +
            "dimension 0 has length zero!",
            () => Of(1, 2, 0, 5, 5).AvgPool3d(2)),
        ["adaptive average 1d, rank"] = (
            "Expected 2 to 3 dimensions, but got 1-dimensional tensor for argument #1 'self' (while checking arguments for adaptive_avg_pool1d)",
            () => Of(5).AdaptiveAvgPool1d(2)),
        ["adaptive average 1d, size"] = ("adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {1, -2}",
            () => Line.AdaptiveAvgPool1d(-2)),
        ["adaptive average 1d, numbers"] = ("adaptive_avg_pool1d() argument 'output_size' should contain one int (got 2)",
            () => Line.AdaptiveAvgPool1d((2, 2))),
        ["adaptive average 1d, empty"] = (
            "adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes [1, 2, 1, " +
            "0] with dimension 3 being empty",
            () => Of(1, 2, 0).AdaptiveAvgPool1d(2)),
        ["adaptive average 2d, rank"] = ("adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got [5]", () => Of(5).AdaptiveAvgPool2d(2)),
        ["adaptive average 2d, size"] = ("adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {-2, -2}",
            () => Image.AdaptiveAvgPool2d(-2)),
        ["adaptive average 2d, numbers"] = ("adaptive_avg_pool2d: output_size must be 2", () => Image.AdaptiveAvgPool2d((2, 2, 2))),
        ["adaptive average 2d, empty"] = (
            "adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes [1, 2, 0, " +
            "0] with dimension 2 being empty",
            () => Of(1, 2, 0, 0).AdaptiveAvgPool2d(2)),
        ["adaptive average 3d, size"] = ("adaptive_avg_pool3d: elements of output_size must be greater than or equal to 0 but received {-2, -2,-2}",
            () => Cube.AdaptiveAvgPool3d(-2)),
        ["adaptive average 3d, empty"] = (
            "adaptive_avg_pool3d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes [1, 0, 5, 5, " +
            "5] with dimension 1 being empty",
            () => Of(1, 0, 5, 5, 5).AdaptiveAvgPool3d(2)),
        ["adaptive max 1d, size"] = ("Trying to create tensor with negative dimension -2: [1, 2, 1, -2]", () => Line.AdaptiveMaxPool1d(-2)),
        ["adaptive max 1d, empty"] = (
            "adaptive_max_pool1d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes [1, 0, " +
            "5] with dimension 1 being empty",
            () => Of(1, 0, 5).AdaptiveMaxPool1d(2)),
        ["adaptive max 2d, rank"] = ("adaptive_max_pool2d(): Expected 3D or 4D tensor, but got: [5]", () => Of(5).AdaptiveMaxPool2d(2)),
        ["adaptive max 2d, size"] = ("Trying to create tensor with negative dimension -2: [2, -2, 1]", () => Image[0].AdaptiveMaxPool2d((-2, 1))),
        ["adaptive max 2d, numbers"] = ("adaptive_max_pool2d(): internal error: output_size.size() must be 2",
            () => Image.AdaptiveMaxPool2d((2, 2, 2))),
        ["adaptive max 3d, empty"] = (
            "adaptive_max_pool3d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes [1, 2, 0, 0, " +
            "0] with dimension 2 being empty",
            () => Of(1, 2, 0, 0, 0).AdaptiveMaxPool3d(2)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Tensor Line => Of(1, 2, 5);

    private static Tensor Image => Of(1, 2, 5, 5);

    private static Tensor Cube => Of(1, 2, 5, 5, 5);

    [Theory]
    [MemberData(nameof(Names))]
    public void WrongShapes(string name) =>
        Assert.StartsWith(Cases[name].Message, Assert.Throws<ShapeException>(Cases[name].Call).Message, StringComparison.Ordinal);

    /// <summary>libtorch takes whole numbers in some pools; where it does not, its words are these.</summary>
    [Fact]
    public void WrongDTypes()
    {
        Says("\"max_pool1d_impl\" not implemented for 'Long'", () => Line.To(DType.Int64).MaxPool1d(2));
        Says("\"avg_pool2d\" not implemented for 'Bool'", () => Line.To(DType.Bool).AvgPool1d(2));
        Says("\"max_pool2d\" not implemented for 'Bool'", () => Image.To(DType.Bool).MaxPool2d(2));
        Says("\"avg_pool3d_out_frame\" not implemented for 'Bool'", () => Cube.To(DType.Bool).AvgPool3d(2));
        Says("\"adaptive_avg_pool2d\" not implemented for 'Long'", () => Line.To(DType.Int64).AdaptiveAvgPool1d(2));
        Says("\"adaptive_max_pool3d_cpu\" not implemented for 'Long'", () => Cube.To(DType.Int64).AdaptiveMaxPool3d(2));

        static void Says(string message, Func<Tensor> call) =>
            Assert.StartsWith(message, Assert.Throws<DTypeException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADivisorOfZero() => Assert.StartsWith(
        "divisor must be not zero", Assert.Throws<ArgumentException>(() => Image.AvgPool2d(2, divisorOverride: 0)).Message, StringComparison.Ordinal);

    /// <summary>What libtorch lets pass: no images, results without elements, and averages of no channels.</summary>
    [Fact]
    public void WhatIsEmptyMayPass()
    {
        Assert.Equal([0, 2, 2], Of(0, 2, 5).MaxPool1d(2).Shape.ToArray());
        Assert.Equal([0, 2, 2, 2], Of(0, 2, 5, 5).AvgPool2d(2).Shape.ToArray());
        Assert.Equal([1, 2, 0], Line.AdaptiveAvgPool1d(0).Shape.ToArray());
        Assert.Equal([1, 0, 2, 2], Of(1, 0, 5, 5).AdaptiveAvgPool2d(2).Shape.ToArray());
        Assert.Equal([1, 2, 0, 0], Image.AdaptiveMaxPool2d(0).Shape.ToArray());
        Assert.Equal([1, 2, 3, 3, 3], Cube.MaxPool3d(7, 1, 2).Shape.ToArray());
    }

    private static Tensor Of(params int[] shape) => Tensor.Ones(shape);
}
