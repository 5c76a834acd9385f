using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Dropout: what it drops, scales and leaves alone. Masks: libtorch 2.10 by TorchSharp 0.107 on ones, after <c>manual_seed(0)</c>.</summary>
public class DropoutTests
{
    private const float Scaled = 1.4285715f; // 1 / 0.7

    [Fact]
    public void DropsWhatPyTorchDrops()
    {
        Assert.Equal([0, 0, 2, 0, 0, 0, 2, 2, 0, 2, 2, 2], Tensor.Ones(12).Dropout(0.5, generator: new Generator(0)).ToArray<float>());
        Assert.Equal(
            [0, 0, Scaled, 0, Scaled, 0, Scaled, Scaled, Scaled, Scaled, Scaled, Scaled],
            Tensor.Ones(12).Dropout(0.3, generator: new Generator(0)).ToArray<float>());
        Assert.Equal(
            [0, 0, 1 / 0.7, 0, 1 / 0.7, 0, 1 / 0.7, 1 / 0.7, 1 / 0.7, 1 / 0.7, 1 / 0.7, 1 / 0.7],
            Tensor.Ones([12], DType.Float64).Dropout(0.3, generator: new Generator(0)).ToArray<double>());
    }

    /// <summary>The mask of two images of six channels.</summary>
    [Fact]
    public void ChannelsAreDroppedWhole()
    {
        float[] mask = [0, 0, 2, 0, 0, 0, 2, 2, 0, 2, 2, 2];
        Tensor Each(params int[] inner) => Tensor.FromArray(mask).Reshape([2, 6, .. inner.Select(_ => 1)]).Expand([2, 6, .. inner]);
        Same(Each(2), Tensor.Ones(2, 6, 2).Dropout1d(generator: new Generator(0)));
        Same(Each(2), Tensor.Ones(2, 6, 2).Dropout2d(generator: new Generator(0)));
        Same(Each(2, 3), Tensor.Ones(2, 6, 2, 3).Dropout2d(generator: new Generator(0)));
        Same(Each(2, 3, 1), Tensor.Ones(2, 6, 2, 3, 1).Dropout3d(generator: new Generator(0)));
        Same(Each(2)[0], Tensor.Ones(6, 2).Dropout1d(generator: new Generator(0)));
        Same(Each(2, 2, 2)[0], Tensor.Ones(6, 2, 2, 2).Dropout3d(generator: new Generator(0)));
    }

    [Fact]
    public void OutsideOfTrainingItIsTheInput()
    {
        var x = Tensor.Ones(2, 3, 4, 4);
        Assert.Same(x, x.Dropout(0.5, training: false));
        Assert.Same(x, x.Dropout(0));
        Assert.Same(x, new Dropout2d().Eval().Forward(x));
        Assert.Same(x, new Dropout().Eval().Forward(x));
        var whole = Tensor.Arange(4);
        Assert.Same(whole, whole.Dropout(0.5, training: false));
    }

    [Fact]
    public void AllMayBeDropped()
    {
        Tensor x = [1f, -2, float.NaN];
        x.RequiresGrad = true;
        var y = x.Dropout(1);
        Assert.Equal([0f, -0f, float.NaN], y.Detach().ToArray<float>());
        y.Backward(Tensor.Ones(3));
        Assert.Equal([0f, 0, 0], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void TheGradientHasTheSameMask()
    {
        var x = Tensor.Ones(12).RequiresGrad_();
        x.Dropout(0.5, generator: new Generator(0)).Sum().Backward();
        Assert.Equal([0, 0, 2, 0, 0, 0, 2, 2, 0, 2, 2, 2], x.Grad!.ToArray<float>());
    }

    /// <summary>The words of libtorch; for channels, those of PyTorch's <c>functional.py</c>.</summary>
    [Fact]
    public void WhatCannotBeIsRefusedInPyTorchsWords()
    {
        Says<ArgumentOutOfRangeException>("dropout probability has to be between 0 and 1, but got 1.5", () => Tensor.Ones(2).Dropout(1.5));
        Says<ArgumentOutOfRangeException>(
            "dropout probability has to be between 0 and 1, but got -0.5", () => Tensor.Ones(2).Dropout(-0.5, training: false));
        Says<ArgumentOutOfRangeException>("dropout probability has to be between 0 and 1, but got 1.5", () => Tensor.Ones(2, 2, 2).Dropout1d(1.5));
        Says<DTypeException>("result type Float can't be cast to the desired output type Long", () => Tensor.Arange(3).Dropout());
        Says<ShapeException>("dropout1d: Expected 2D or 3D input, but received a 1D input.", () => Tensor.Ones(2).Dropout1d());
        Says<ShapeException>("dropout2d: Received a 2-D input to dropout2d, which is deprecated", () => Tensor.Ones(2, 2).Dropout2d());
        Says<ShapeException>("dropout3d: Received a 3-D input to dropout3d, which is deprecated", () => Tensor.Ones(2, 2, 2).Dropout3d());

        static void Says<E>(string message, Func<Tensor> call)
            where E : Exception => Assert.StartsWith(message, Assert.Throws<E>(call).Message, StringComparison.Ordinal);
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
    }
}
