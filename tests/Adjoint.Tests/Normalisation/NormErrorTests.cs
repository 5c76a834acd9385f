namespace Adjoint.Tests.Normalisation;

/// <summary>
/// What norms say of wrong arguments: the first sentences of libtorch 2.10, provoked through TorchSharp 0.107;
/// for a channel of one value, those of PyTorch's <c>functional.py</c>.
/// </summary>
public class NormErrorTests
{
    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> Shapes = new()
    {
        ["layer, no dimension"] = (
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []",
            () => Of(2, 3).LayerNorm([])),
        ["layer, shape"] = ("Given normalized_shape=[2, 4], expected input with shape [*, 2, 4], but got input of size[2, 3]",
            () => Of(2, 3).LayerNorm([2, 4])),
        ["layer, shape too long"] = ("Given normalized_shape=[1, 2, 3], expected input with shape [*, 1, 2, 3], but got input of size[2, 3]",
            () => Of(2, 3).LayerNorm([1, 2, 3])),
        ["layer, weight"] = ("Expected weight to be of same shape as normalized_shape, but got weight of shape [4] and normalized_shape = [3]",
            () => Of(2, 3).LayerNorm([3], Of(4))),
        ["layer, bias"] = ("Expected bias to be of same shape as normalized_shape, but got bias of shape [4] and normalized_shape = [3]",
            () => Of(2, 3).LayerNorm([3], Of(3), Of(4))),
        ["RMS, no dimension"] = (
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []",
            () => Of(2, 3).RmsNorm([])),
        ["RMS, shape"] = ("Given normalized_shape=[2, 4], expected input with shape [*2, 4], but got input of size[2, 3]",
            () => Of(2, 3).RmsNorm([2, 4])),
        ["RMS, shape too long"] = ("Input tensor must have at least 3 dimensions, but got 2", () => Of(2, 3).RmsNorm([1, 2, 3])),
        ["RMS, weight"] = ("Expected weight to be of same shape as normalized_shape, but got weight of shape [4] and normalized_shape = [3]",
            () => Of(2, 3).RmsNorm([3], Of(4))),
        ["batch, rank"] = ("Dimension out of range (expected to be in range of [-1, 0], but got 1)",
            () => Of(3).BatchNorm(null, null, training: true)),
        ["batch, mean"] = ("running_mean should contain 3 elements not 4", () => Of(2, 3).BatchNorm(Of(4), Of(4), training: true)),
        ["batch, variance"] = ("running_var should contain 3 elements not 4", () => Of(2, 3).BatchNorm(Of(3), Of(4), training: true)),
        ["batch, weight"] = ("weight should contain 3 elements not 4", () => Of(2, 3).BatchNorm(null, null, Of(4), training: true)),
        ["batch, bias"] = ("bias should contain 3 elements not 4", () => Of(2, 3).BatchNorm(null, null, Of(3), Of(4), training: true)),
        ["batch, one value"] = ("Expected more than 1 value per channel when training, got input size torch.Size([1, 3])",
            () => Of(1, 3).BatchNorm(null, null, training: true)),
        ["group, groups"] = ("Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 3, 4] and num_groups=2",
            () => Of(2, 3, 4).GroupNorm(2)),
        ["group, none"] = ("Expected num groups to be greater than 0, got 0", () => Of(2, 3, 4).GroupNorm(0)),
        ["group, rank"] = ("Dimension out of range (expected to be in range of [-1, 0], but got 1)", () => Of(3).GroupNorm(1)),
        ["group, weight"] = (
            "Expected weight to be a vector of size equal to the number of channels in input, but got weight of shape [3, " +
            "1] and input of shape [2, 3, 4]",
            () => Of(2, 3, 4).GroupNorm(1, Of(3, 1))),
        ["group, bias"] = (
            "Expected bias to be a vector of size equal to the number of channels in input, but got bias of shape [4] and input of shape [2, 3, 4]",
            () => Of(2, 3, 4).GroupNorm(1, Of(3), Of(4))),
        ["instance, rank"] = ("Dimension out of range (expected to be in range of [-1, 0], but got 1)", () => Of(3).InstanceNorm()),
        ["instance, no axes"] = ("Expected more than 1 spatial element when training, got input size torch.Size([2, 3])",
            () => Of(2, 3).InstanceNorm()),
        ["instance, one value"] = ("Expected more than 1 spatial element when training, got input size torch.Size([2, 3, 1])",
            () => Of(2, 3, 1).InstanceNorm()),
        ["instance, mean"] = ("running_mean should contain 6 elements not 8", () => Of(2, 3, 4).InstanceNorm(Of(4), Of(4))),
        ["instance, weight"] = ("weight should contain 6 elements not 8", () => Of(2, 3, 4).InstanceNorm(weight: Of(4))),
        ["instance, bias"] = ("bias should contain 6 elements not 8", () => Of(2, 3, 4).InstanceNorm(weight: Of(3), bias: Of(4))),
    };

    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> DTypes = new()
    {
        ["layer, whole"] = ("\"LayerNormKernelImpl\" not implemented for 'Long'", () => Tensor.Ones([2, 3], DType.Int64).LayerNorm([3])),
        ["RMS, whole"] = ("\"rms_norm\" not implemented for 'Long'", () => Tensor.Ones([2, 3], DType.Int64).RmsNorm([3])),
        ["batch, whole"] = ("\"batch_norm\" not implemented for 'Long'",
            () => Tensor.Ones([2, 3], DType.Int64).BatchNorm(null, null, training: true)),
        ["group, whole"] = ("\"GroupNormKernelImpl\" not implemented for 'Long'", () => Tensor.Ones([2, 3, 4], DType.Int64).GroupNorm(1)),
        ["instance, whole"] = ("\"batch_norm\" not implemented for 'Long'", () => Tensor.Ones([2, 3, 4], DType.Int64).InstanceNorm()),
        ["layer, weight"] = ("mixed dtype (CPU): expect parameter to have scalar type of Float", () => Of(2, 3).LayerNorm([3], Double(3))),
        ["layer, bias alone"] = ("mixed dtype (CPU): expect parameter to have scalar type of Float", () => Of(2, 3).LayerNorm([3], null, Double(3))),
        ["layer, input"] = ("mixed dtype (CPU): all inputs must share same datatype.", () => Double(2, 3).LayerNorm([3], Of(3))),
        ["layer, bias"] = ("expected scalar type Float but found Double", () => Of(2, 3).LayerNorm([3], Of(3), Double(3))),
        ["batch, weight"] = ("mixed dtype (CPU): expect parameter to have scalar type of Float",
            () => Of(2, 3).BatchNorm(null, null, Double(3), training: true)),
        ["batch, input"] = ("mixed dtype (CPU): all inputs must share same datatype.",
            () => Double(2, 3).BatchNorm(null, null, Of(3), training: true)),
        ["group, weight"] = ("mixed dtype (CPU): expect parameter to have scalar type of Float", () => Of(2, 3, 4).GroupNorm(1, Double(3))),
        ["group, bias"] = ("expected scalar type Float but found Double", () => Of(2, 3, 4).GroupNorm(1, Of(3), Double(3))),
        ["instance, weight"] = ("mixed dtype (CPU): expect parameter to have scalar type of Float",
            () => Of(2, 3, 4).InstanceNorm(weight: Double(3))),
    };

    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> Statistics = new()
    {
        ["batch, no mean"] = ("running_mean must be defined in evaluation mode", () => Of(2, 3).BatchNorm(null, null)),
        ["batch, no variance"] = ("running_var must be defined in evaluation mode", () => Of(2, 3).BatchNorm(Of(3), null)),
        ["batch, one of both"] = ("running_mean and running_var must either both be None or neither be None",
            () => Of(2, 3).BatchNorm(Of(3), null, training: true)),
        ["instance, none"] = ("Expected running_mean and running_var to be defined when use_input_stats is false",
            () => Of(2, 3, 4).InstanceNorm(useInputStats: false)),
        ["instance, one of both"] = ("running_mean and running_var must either both be None or neither be None",
            () => Of(2, 3, 4).InstanceNorm(Of(3))),
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    public static TheoryData<string> DTypeNames => [.. DTypes.Keys];

    public static TheoryData<string> StatisticsNames => [.. Statistics.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void WrongShapes(string name) => Says<ShapeException>(Shapes[name]);

    [Theory]
    [MemberData(nameof(DTypeNames))]
    public void WrongDTypes(string name) => Says<DTypeException>(DTypes[name]);

    [Theory]
    [MemberData(nameof(StatisticsNames))]
    public void MissingStatistics(string name) => Says<ArgumentException>(Statistics[name]);

    /// <summary>libtorch's RMS norm takes any weight and gives the input's dtype;
    /// instance norm without axes passes with running statistics.</summary>
    [Fact]
    public void WhatPyTorchLetsPass()
    {
        Assert.Equal(DType.Float32, Of(2, 3).RmsNorm([3], Double(3)).DType);
        Assert.Equal(DType.Float64, Double(2, 3).RmsNorm([3], Of(3)).DType);
        Assert.Equal([2, 3], Of(2, 3).InstanceNorm(Of(3), Of(3), useInputStats: false).Shape.ToArray());
        Assert.Equal([0, 3], Of(0, 3).BatchNorm(null, null, training: true).Shape.ToArray());
    }

    private static void Says<E>((string Message, Func<Tensor> Call) row)
        where E : Exception => Assert.StartsWith(row.Message, Assert.Throws<E>(row.Call).Message, StringComparison.Ordinal);

    private static Tensor Of(params int[] shape) => Tensor.Ones(shape);

    private static Tensor Double(params int[] shape) => Tensor.Ones(shape, DType.Float64);
}
