using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>First values of parameters: PyTorch fills them under no_grad, counts the change, and draws uniform numbers within known bounds.</summary>
public class InitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AParameterIsFilled(bool kaiming)
    {
        var layer = new Linear(30, 20);
        var (weight, version) = (layer.Weight, layer.Weight.Version);
        var before = weight.Detach().Clone();
        Assert.Same(weight, kaiming ? Init.KaimingUniform_(weight) : Init.XavierUniform_(weight));
        Assert.Equal(version + 1, weight.Version);
        Assert.True(weight.RequiresGrad && weight.IsLeaf);
        Assert.False(weight.Equal(before));

        // sqrt(6 / fan_in) (He 2015) and sqrt(6 / (fan_in + fan_out)) (Glorot 2010).
        var bound = Math.Sqrt(6.0 / (kaiming ? 30 : 50));
        Assert.InRange(weight.Abs().Max().Item(), 0.95 * bound, bound);

        // Gradients of what was filled are those of any parameter.
        layer.Call(Tensor.Ones(2, 30)).Sum().Backward();
        Assert.True(weight.Grad!.Equal(Tensor.Full([20, 30], 2f)));
    }

    [Fact]
    public void WhatIsFilledIsWhatAPlainTensorGets()
    {
        var (parameter, plain) = (Tensor.Zeros(4, 5).RequiresGrad_(), Tensor.Zeros(4, 5));
        Init.XavierUniform_(parameter, generator: new Generator(7));
        Init.XavierUniform_(plain, generator: new Generator(7));
        Assert.True(plain.Equal(parameter));
    }

    /// <summary>A value that a recorded operator needs may not be replaced unseen: the version counts, as in PyTorch.</summary>
    [Fact]
    public void AChangeBeforeBackwardIsSeen()
    {
        var weight = Tensor.Ones(2, 2).RequiresGrad_();
        var y = (weight * weight).Sum();
        Init.KaimingUniform_(weight);
        Assert.StartsWith(
            "one of the variables needed for gradient computation has been modified by an inplace operation",
            Assert.Throws<AutogradException>(() => y.Backward()).Message,
            StringComparison.Ordinal);
    }
}
