using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>The softmax in two steps: that it is a distribution, and that its parts agree.</summary>
public class AdaptiveLogSoftmaxTests
{
    private static AdaptiveLogSoftmaxWithLoss Make() => new(8, 10, [3, 6], divValue: 2, dtype: DType.Float64, generator: new Generator(1));

    [Fact]
    public void ItHasPyTorchsParametersAndText()
    {
        var module = Make();
        Assert.Equal(
            ["head.weight [5, 8]", "tail.0.0.weight [4, 8]", "tail.0.1.weight [3, 4]", "tail.1.0.weight [2, 8]", "tail.1.1.weight [4, 2]"],
            module.NamedParameters().Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Value.Shape.ToArray())}]"));
        Assert.StartsWith("AdaptiveLogSoftmaxWithLoss(\n  (head): Linear(in_features=8, out_features=5, bias=False)\n  (tail): ModuleList(\n",
            module.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsADistributionWhoseTargetsAreThoseOfForward()
    {
        var module = Make();
        var x = Tensor.Randn([7, 8], DType.Float64, new Generator(2));
        var target = Tensor.FromArray([0L, 2, 3, 5, 6, 9, 1]);
        var all = module.LogProb(x);
        Assert.True(Tensor.Ones([7], DType.Float64).AllClose(all.Exp().Sum(1)));
        var (output, loss) = module.Forward(x, target);
        Assert.True(all.Gather(1, target.Unsqueeze(1)).Squeeze(1).AllClose(output));
        Assert.Equal(-output.Mean().Item(), loss.Item(), 1e-12);
        Assert.Equal(all.Argmax(1).ToArray<long>(), module.Predict(x).ToArray<long>());
        Assert.Equal(output[3].Item(), module.Forward(x[3], target[3]).Output.Item(), 1e-12);
        loss.Backward();
        Assert.All(module.Parameters(), parameter => Assert.NotNull(parameter.Grad));
    }

    [Fact]
    public void WhatIsNoClassOrNoCutoffIsRefused()
    {
        Assert.Throws<TensorIndexException>(() => Make().Forward(Tensor.Ones([1, 8], DType.Float64), Tensor.FromArray([10L])));
        Assert.Throws<ShapeException>(() => Make().Forward(Tensor.Ones([2, 8], DType.Float64), Tensor.FromArray([1L])));
        Assert.Throws<ArgumentException>(() => new AdaptiveLogSoftmaxWithLoss(8, 10, []));
        Assert.Throws<ArgumentException>(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [3, 3]));
        Assert.Throws<ArgumentException>(() => new AdaptiveLogSoftmaxWithLoss(8, 10, [10]));
    }
}
