namespace Adjoint.Tests.Convolution;

/// <summary>What convolutions say of wrong arguments: the first sentences of libtorch 2.10, provoked through TorchSharp 0.107.</summary>
public class ConvolutionErrorTests
{
    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> Cases = new()
    {
        ["1d, input rank"] = ("Expected 2D (unbatched) or 3D (batched) input to conv1d, but got input of size: [5]", () => Of(5).Conv1d(Of(3, 2, 2))),
        ["2d, input rank"] = ("Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [5, 5]",
            () => Of(5, 5).Conv2d(Of(3, 2, 2, 2))),
        ["3d, input rank"] = ("Expected 4D (unbatched) or 5D (batched) input to conv3d, but got input of size: [5]",
            () => Of(5).Conv3d(Of(3, 2, 2, 2, 2))),
        ["weight rank"] = ("weight should have at least three dimensions", () => Image.Conv2d(Of(3, 2))),
        ["weight of two axes"] = (
            "Expected 4-dimensional input for 4-dimensional weight [3, 2, 2, 2], but got 3-dimensional input of size [1, 2, 5] instead",
            () => Of(1, 2, 5).Conv1d(Of(3, 2, 2, 2))),
        ["channels"] = ("Given groups=1, weight of size [3, 2, 2, 2], expected input[1, 4, 5, 5] to have 2 channels, but got 4 channels instead",
            () => Of(1, 4, 5, 5).Conv2d(Weight)),
        ["channels, no batch"] = ("Given groups=1, weight of size [3, 2, 2], expected input[1, 4, 5] to have 2 channels, but got 4 channels instead",
            () => Of(4, 5).Conv1d(Of(3, 2, 2))),
        ["channels, groups"] = (
            "Given groups=2, weight of size [4, 2, 2, 2], expected input[1, 3, 5, 5] to have 4 channels, but got 3 channels instead",
            () => Of(1, 3, 5, 5).Conv2d(Of(4, 2, 2, 2), groups: 2)),
        ["groups do not divide"] = (
            "Given groups=2, expected weight to be divisible by 2 at dimension 0, but got weight of size [[3, 1, 2, 2]] instead",
            () => Image.Conv2d(Of(3, 1, 2, 2), groups: 2)),
        ["more groups than outputs"] = (
            "Given groups=4, expected weight to be at least 4 at dimension 0, but got weight of size [3, 2, 2, 2] instead",
            () => Of(1, 8, 5, 5).Conv2d(Weight, groups: 4)),
        ["no groups"] = ("non-positive groups is not supported", () => Image.Conv2d(Weight, groups: 0)),
        ["1d, kernel too large"] = (
            "Calculated padded input size per channel: (5). Kernel size: (7). Kernel size can't be greater than actual input size",
            () => Of(1, 2, 5).Conv1d(Of(3, 2, 7))),
        ["kernel too large, dilated"] = (
            "Calculated padded input size per channel: (7 x 7). Kernel size: (10 x 10). Kernel size can't be greater than actual input size",
            () => Image.Conv2d(Weight, padding: 1, dilation: 9)),
        ["1d, kernel empty"] = ("kernel size should be greater than zero, but got kernel_height: 1 kernel_width: 0",
            () => Of(1, 2, 5).Conv1d(Of(3, 2, 0))),
        ["2d, kernel empty"] = ("kernel size should be greater than zero, but got kernel_height: 0 kernel_width: 2",
            () => Image.Conv2d(Of(3, 2, 0, 2))),
        ["3d, kernel empty"] = ("kernel size should be greater than zero, but got: 0 x 0 x 0 (TxHxW)",
            () => Of(1, 2, 5, 5, 5).Conv3d(Of(3, 2, 0, 0, 0))),
        ["padding"] = ("negative padding is not supported", () => Image.Conv2d(Weight, padding: -1)),
        ["stride 0"] = ("non-positive stride is not supported", () => Image.Conv2d(Weight, stride: 0)),
        ["stride -1"] = ("non-positive stride is not supported", () => Image.Conv2d(Weight, stride: -1)),
        ["1d, dilation"] = ("dilation should be greater than zero, but got [1, 0]", () => Of(1, 2, 5).Conv1d(Of(3, 2, 2), dilation: 0)),
        ["2d, dilation"] = ("dilation should be greater than zero, but got [0, 0]", () => Image.Conv2d(Weight, dilation: 0)),
        ["3d, dilation"] = ("dilation should be greater than zero, but got [0, 0, 0]",
            () => Of(1, 2, 5, 5, 5).Conv3d(Of(3, 2, 2, 2, 2), dilation: 0)),
        ["bias"] = ("Given weight of size [3, 2, 2, 2], expected bias to be 1-dimensional with 3 elements, but got bias of size [4] instead",
            () => Image.Conv2d(Weight, Of(4))),
        ["bias, rank"] = ("Given weight of size [3, 2, 2, 2], expected bias to be 1-dimensional with 3 elements, but got bias of size [3, 1] instead",
            () => Image.Conv2d(Weight, Of(3, 1))),
        ["numbers of strides"] = (
            "expected stride to be a single integer value or a list of 2 values to match the convolution dimensions, but got stride=[1, 1, 1]",
            () => Image.Conv2d(Weight, stride: new[] { 1, 1, 1 })),
        ["numbers of paddings"] = (
            "expected padding to be a single integer value or a list of 2 values to match the convolution dimensions, but got padding=[1, 1, 1]",
            () => Image.Conv2d(Weight, padding: new[] { 1, 1, 1 })),
        ["numbers of dilations"] = (
            "expected dilation to be a single integer value or a list of 2 values to match the convolution dimensions, but got dilation=[1, 1, 1]",
            () => Image.Conv2d(Weight, dilation: new[] { 1, 1, 1 })),
        ["same, strided"] = ("padding='same' is not supported for strided convolutions", () => Image.Conv2d(Weight, stride: 2, padding: "same")),
        ["transposed, input rank"] = ("Expected 2D (unbatched) or 3D (batched) input to conv_transpose1d, but got input of size: [5]",
            () => Of(5).ConvTranspose1d(Of(2, 3, 2))),
        ["transposed, weight rank"] = ("weight should have at least three dimensions", () => Image.ConvTranspose2d(Of(2, 3))),
        ["transposed, channels"] = (
            "Given transposed=1, weight of size [2, 3, 2, 2], expected input[1, 4, 5, 5] to have 2 channels, but got 4 channels instead",
            () => Of(4, 5, 5).ConvTranspose2d(Back)),
        ["transposed, groups"] = (
            "Given groups=2, expected weight to be divisible by 2 at dimension 0, but got weight of size [[3, 2, 2, 2]] instead",
            () => Of(1, 3, 5, 5).ConvTranspose2d(Of(3, 2, 2, 2), groups: 2)),
        ["transposed, more groups"] = ("Given groups=4, expected weight to be at least 4 at dimension 0, but got weight of size [2, 3, 2, 2] instead",
            () => Image.ConvTranspose2d(Back, groups: 4)),
        ["transposed, padding"] = ("negative padding is not supported", () => Image.ConvTranspose2d(Back, padding: -1)),
        ["transposed, output padding"] = ("negative output_padding is not supported", () => Image.ConvTranspose2d(Back, outputPadding: -1)),
        ["transposed 1d, output padding"] = (
            "output padding must be smaller than either stride or dilation, but got output_padding_height: 0 output_padding_width: 2 " +
            "stride_height: 1 stride_width: 2 dilation_height: 1 dilation_width: 1",
            () => Of(1, 2, 5).ConvTranspose1d(Of(2, 3, 2), stride: 2, outputPadding: 2)),
        ["transposed 3d, output padding"] = (
            "output padding must be smaller than either stride or dilation, but got output_padding_depth: 2 output_padding_height: 2 " +
            "output_padding_width: 2 stride_depth: 2 stride_height: 2 stride_width: 2 dilation_depth: 1 dilation_height: 1 dilation_width: 1",
            () => Of(1, 2, 5, 5, 5).ConvTranspose3d(Of(2, 3, 2, 2, 2), stride: 2, outputPadding: 2)),
        ["transposed 1d, too small"] = (
            "Given input size per channel: (1 x 5). Calculated output size per channel: (1 x -2). Output size is too small",
            () => Of(1, 2, 5).ConvTranspose1d(Of(2, 3, 2), padding: 4)),
        ["transposed 2d, too small"] = (
            "Given input size per channel: (5 x 5). Calculated output size per channel: (-2 x -2). Output size is too small",
            () => Image.ConvTranspose2d(Back, padding: 4)),
        ["transposed, stride"] = ("non-positive stride is not supported", () => Image.ConvTranspose2d(Back, stride: 0)),
        ["transposed 1d, dilation"] = ("dilation should be greater than zero, but got dilation_height: 1, dilation_width: 0",
            () => Of(1, 2, 5).ConvTranspose1d(Of(2, 3, 2), dilation: 0)),
        ["transposed 2d, dilation"] = ("dilation should be greater than zero, but got dilation_height: 0, dilation_width: 0",
            () => Image.ConvTranspose2d(Back, dilation: 0)),
        ["transposed, kernel empty"] = ("kernel size should be greater than zero, but got kernel_height: 0 kernel_width: 2",
            () => Image.ConvTranspose2d(Of(2, 3, 0, 2))),
        ["transposed, bias"] = (
            "Given transposed=1, weight of size [2, 3, 2, 2], expected bias to be 1-dimensional with 6 elements, but got bias of size [3] instead",
            () => Image.ConvTranspose2d(Back, Of(3), groups: 2)),
    };

    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> DTypes = new()
    {
        ["weight"] = ("expected scalar type Float but found Double", () => Image.Conv2d(Weight.To(DType.Float64))),
        ["input"] = ("expected scalar type Double but found Float", () => Image.To(DType.Float64).Conv2d(Weight)),
        ["whole input"] = ("expected scalar type Long but found Float", () => Image.To(DType.Int64).Conv2d(Weight)),
        ["bias"] = ("Input type (float) and bias type (double) should be the same", () => Image.Conv2d(Weight, Tensor.Ones([3], DType.Float64))),
        ["whole bias"] = ("Input type (float) and bias type (long int) should be the same",
            () => Image.Conv2d(Weight, Tensor.Ones([3], DType.Int64))),
        ["transposed, weight"] = ("expected scalar type Float but found Double", () => Image.ConvTranspose2d(Back.To(DType.Float64))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<string> DTypeNames => [.. DTypes.Keys];

    private static Tensor Image => Of(1, 2, 5, 5);

    private static Tensor Weight => Of(3, 2, 2, 2);

    private static Tensor Back => Of(2, 3, 2, 2);

    [Theory]
    [MemberData(nameof(Names))]
    public void WrongShapes(string name) =>
        Assert.StartsWith(Cases[name].Message, Assert.Throws<ShapeException>(Cases[name].Call).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(DTypeNames))]
    public void WrongDTypes(string name) =>
        Assert.StartsWith(DTypes[name].Message, Assert.Throws<DTypeException>(DTypes[name].Call).Message, StringComparison.Ordinal);

    [Fact]
    public void AnotherWordForAPadding() => Assert.StartsWith(
        "Invalid padding string: 'full'",
        Assert.Throws<ArgumentException>(() => Image.Conv2d(Weight, padding: "full")).Message,
        StringComparison.Ordinal);

    private static Tensor Of(params int[] shape) => Tensor.Ones(shape);
}
