using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>
/// Running statistics after two steps, and results in training and evaluation. Numbers:
/// libtorch 2.10 by TorchSharp 0.107, x = sin(0.7 i), then 2 x + 1.
/// </summary>
public class ChannelNormTests
{
    [Theory]
    [InlineData(
        new[] { 4, 3 },
        new[] { 0.1006124433671736, 0.14739613720288383, 0.17188868712700514 },
        new[] { 1.0558231354729504, 1.1068148992498124, 1.173144266896251 },
        new[] { -0.0034428507642851806, 0.7132941139887943, 0.9892815511269865 },
        new[] { -0.09791608760634583, 0.47223803727462954, 0.7511256313843421 })]
    [InlineData(
        new[] { 2, 3, 4 },
        new[] { 0.18773946973447847, -0.00019302417715654635, 0.2010687417832654 },
        new[] { 1.029751079492573, 1.005687502508891, 1.0038753683620576 },
        new[] { -0.48296980395095523, 0.5454149173616608, 1.0901342352864254 },
        new[] { -0.1850066546660291, 0.44983352764137374, 0.7860984525581257 })]
    [InlineData(
        new[] { 2, 3, 2, 2 },
        new[] { 0.18773946973447847, -0.00019302417715654635, 0.2010687417832654 },
        new[] { 1.029751079492573, 1.005687502508891, 1.0038753683620576 },
        new[] { -0.48296980395095523, 0.5454149173616608, 1.0901342352864254 },
        new[] { -0.1850066546660291, 0.44983352764137374, 0.7860984525581257 })]
    [InlineData(
        new[] { 2, 3, 2, 2, 2 },
        new[] { 0.11819547839952523, 0.1124277844303487, 0.10108165269979337 },
        new[] { 1.0834014562190026, 1.0690962160222242, 1.0566817924334735 },
        new[] { -0.08675076627656891, 0.803967755600362, 1.2757674387777478 },
        new[] { -0.11355444813862321, 0.5053675694037164, 0.8332008911725999 })]
    public void BatchNormFollowsTheBatches(int[] shape, double[] mean, double[] variance, double[] trained, double[] evaluated)
    {
        var layer = Of(shape.Length);
        Follows(layer, shape, mean, variance, trained, evaluated);
        Assert.Equal(2, layer.NumBatchesTracked!.Item<long>());

        static ChannelNormLayer Of(int rank) => rank switch
        {
            4 => new BatchNorm2d(3, dtype: DType.Float64),
            5 => new BatchNorm3d(3, dtype: DType.Float64),
            _ => new BatchNorm1d(3, dtype: DType.Float64),
        };
    }

    [Theory]
    [InlineData(
        new[] { 2, 3, 4 },
        new[] { 0.1877394697344785, -0.0001930241771565394, 0.20106874178326536 },
        new[] { 0.9991947766264698, 1.0285838215099212, 1.030796995877648 },
        new[] { -1.6399236867973601, 0.05525491422870084, 0.9531645312959032 },
        new[] { -0.18781416169225829, 0.45665982689945384, 0.7980276284726288 })]
    [InlineData(
        new[] { 2, 3, 2, 2 },
        new[] { 0.1877394697344785, -0.0001930241771565394, 0.20106874178326536 },
        new[] { 0.9991947766264698, 1.0285838215099212, 1.030796995877648 },
        new[] { -1.6399236867973601, 0.05525491422870084, 0.9531645312959032 },
        new[] { -0.18781416169225829, 0.45665982689945384, 0.7980276284726288 })]
    [InlineData(
        new[] { 2, 3, 2, 2, 2 },
        new[] { 0.11819547839952521, 0.11242778443034872, 0.10108165269979337 },
        new[] { 1.1028017918118755, 1.0842894314363338, 1.0682239700971157 },
        new[] { -0.10955488222020829, 0.7966557477381647, 1.276661358495424 },
        new[] { -0.1125512084238232, 0.5009027084977057, 0.8258396628091749 })]
    public void InstanceNormFollowsTheMeansOverTheImages(int[] shape, double[] mean, double[] variance, double[] trained, double[] evaluated)
    {
        ChannelNormLayer layer = shape.Length switch
        {
            3 => new InstanceNorm1d(3, trackRunningStats: true, dtype: DType.Float64),
            4 => new InstanceNorm2d(3, trackRunningStats: true, dtype: DType.Float64),
            _ => new InstanceNorm3d(3, trackRunningStats: true, dtype: DType.Float64),
        };
        Follows(layer, shape, mean, variance, trained, evaluated);
        Assert.Equal(0, layer.NumBatchesTracked!.Item<long>()); // PyTorch has the buffer and does not count
    }

    /// <summary>libtorch's batch norm with momentum 1, then 1/2.</summary>
    [Fact]
    public void WithoutMomentumStatisticsAreTheMeanOverAllBatches()
    {
        var layer = new BatchNorm1d(3, momentum: null, dtype: DType.Float64);
        var x = Waves([4, 3]);
        layer.Forward(x);
        layer.Forward((2 * x) + 1);
        Close([0.5031678105198635, 0.7451524338080198, 0.8718380368638197], layer.RunningMean!);
        Close([1.2541996707803584, 1.514361730866389, 1.8527768719196478], layer.RunningVar!);
    }

    [Fact]
    public void AnImageWithoutBatchIsABatchOfOne()
    {
        var x = Waves([3, 4]);
        var layer = new InstanceNorm1d(3, affine: true, trackRunningStats: true, dtype: DType.Float64);
        var same = new InstanceNorm1d(3, affine: true, trackRunningStats: true, dtype: DType.Float64);
        Assert.Equal([3, 4], layer.Forward(x).Shape.ToArray());
        Close(layer.Forward(x).Detach().ToArray<double>(), same.Forward(x.Unsqueeze(0))[0]);
        same.Forward(x.Unsqueeze(0));
        Close(same.RunningMean!.ToArray<double>(), layer.RunningMean!);
    }

    /// <summary>Without running statistics evaluation is training, and nothing is counted.</summary>
    [Fact]
    public void WithoutStatisticsEvaluationTakesTheInputs()
    {
        var x = Waves([2, 3, 4]);
        foreach (var layer in new ChannelNormLayer[]
        {
            new BatchNorm1d(3, trackRunningStats: false, dtype: DType.Float64), new InstanceNorm1d(3, dtype: DType.Float64),
        })
        {
            var trained = layer.Forward(x);
            Close(trained.Detach().ToArray<double>(), layer.Eval().Forward(x));
            Assert.Empty(layer.NamedBuffers());
        }
    }

    [Fact]
    public void NothingFlowsIntoRunningStatistics()
    {
        var layer = new BatchNorm1d(3, dtype: DType.Float64);
        layer.Forward(Waves([4, 3]).RequiresGrad_()).Sum().Backward();
        Assert.All(layer.NamedBuffers(), buffer => Assert.False(buffer.Value.RequiresGrad));
    }

    [Fact]
    public void WrongShapesAreRefusedInPyTorchsWords()
    {
        Says("expected 2D or 3D input (got 4D input)", () => new BatchNorm1d(3).Forward(Tensor.Ones(1, 3, 2, 2)));
        Says("expected 4D input (got 3D input)", () => new BatchNorm2d(3).Forward(Tensor.Ones(3, 2, 2)));
        Says("expected 5D input (got 4D input)", () => new BatchNorm3d(3).Forward(Tensor.Ones(1, 3, 2, 2)));
        Says("expected 2D or 3D input (got 4D input)", () => new InstanceNorm1d(3).Forward(Tensor.Ones(1, 3, 2, 2)));
        Says("expected 3D or 4D input (got 2D input)", () => new InstanceNorm2d(3).Forward(Tensor.Ones(3, 2)));
        Says("expected 4D or 5D input (got 3D input)", () => new InstanceNorm3d(3).Forward(Tensor.Ones(3, 2, 2)));
        Says(
            "expected input's size at dim=1 to match num_features (3), but got: 4.",
            () => new InstanceNorm1d(3, affine: true).Forward(Tensor.Ones(2, 4, 5)));
        Says(
            "expected input's size at dim=0 to match num_features (3), but got: 4.",
            () => new InstanceNorm1d(3, affine: true).Forward(Tensor.Ones(4, 5)));
        Assert.Equal([2, 4, 5], new InstanceNorm1d(3).Forward(Tensor.Ones(2, 4, 5)).Shape.ToArray()); // PyTorch only warns
        Says(
            "Expected more than 1 value per channel when training, got input size torch.Size([1, 3])",
            () => new BatchNorm1d(3).Forward(Tensor.Ones(1, 3)));
        Says(
            "Expected more than 1 spatial element when training, got input size torch.Size([2, 3, 1])",
            () => new InstanceNorm1d(3).Forward(Tensor.Ones(2, 3, 1)));

        static void Says(string message, Func<Tensor> call) =>
            Assert.StartsWith(message, Assert.Throws<ShapeException>(call).Message, StringComparison.Ordinal);
    }

    private static void Follows(ChannelNormLayer layer, int[] shape, double[] mean, double[] variance, double[] trained, double[] evaluated)
    {
        var x = Waves(shape);
        Close(trained, layer.Forward(x).Reshape(-1)[..3]);
        layer.Forward((2 * x) + 1);
        Close(mean, layer.RunningMean!);
        Close(variance, layer.RunningVar!);
        layer.Eval();
        Close(evaluated, layer.Forward(x).Reshape(-1)[..3]);
        Close(mean, layer.RunningMean!);
    }

    private static Tensor Waves(int[] shape) => (0.7 * Tensor.Arange(Shape.Product(shape)).To(DType.Float64)).Sin().Reshape(shape);

    private static void Close(double[] expected, Tensor actual) =>
        Assert.Equal(expected, actual.Detach().ToArray<double>(), (a, b) => Math.Abs(a - b) <= 1e-12);
}
