using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>What is done to all parameters of a model at once, by the behaviour that PyTorch's <c>nn.Module</c> documents.</summary>
public class ModuleParametersTests
{
    [Fact]
    public void AModelGetsAnotherDTypeAndStaysTheSameTensors()
    {
        Sequential model = [new Linear(3, 4), new BatchNorm1d(4), new Linear(4, 1)];
        var before = model.Parameters().ToArray();
        Assert.Same(model, model.To(DType.Float64));
        Assert.Equal(before, model.Parameters());
        Assert.All(before, parameter => Assert.True(parameter is { RequiresGrad: true, IsLeaf: true } && parameter.DType == DType.Float64));
        var buffers = model.NamedBuffers().ToDictionary(buffer => buffer.Name, buffer => buffer.Value.DType);
        Assert.Equal(DType.Float64, buffers["1.running_mean"]);
        Assert.Equal(DType.Int64, buffers["1.num_batches_tracked"]);

        model.Forward(Tensor.Ones([5, 3], DType.Float64)).Sum().Backward();
        Assert.All(before, parameter => Assert.Equal(DType.Float64, parameter.Grad!.DType));
    }

    [Fact]
    public void WholeNumbersAreNoDTypeOfAModel()
    {
        var error = Assert.Throws<DTypeException>(() => new Linear(1, 1).To(DType.Int64));
        Assert.StartsWith("nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AGradientIsConvertedAndHooksStay()
    {
        var x = Tensor.FromArray([1f, 2]).RequiresGrad_();
        var heard = 0;
        x.RegisterPostAccumulateGradHook(_ => heard++);
        (x * x).Sum().Backward();
        x.To_(DType.Float64);
        Assert.Equal([2.0, 4], x.Grad!.ToArray<double>());
        (x * 3).Sum().Backward();
        Assert.Equal([5.0, 7], x.Grad!.ToArray<double>());
        Assert.Equal(2, heard);
    }

    [Fact]
    public void AGraphOfTheOldValuesIsRefused()
    {
        var x = Tensor.FromArray([1f, 2]).RequiresGrad_();
        var (saved, sum) = ((x * x).Sum(), x.Sum());
        x.To_(DType.Float64);
        Assert.Throws<AutogradException>(() => saved.Backward());
        Assert.StartsWith("a leaf was given another dtype", Assert.Throws<AutogradException>(() => sum.Backward()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoLeafIsRefused()
    {
        var x = Tensor.Ones(3).RequiresGrad_();
        Assert.Throws<AutogradException>(() => (x * 2).To_(DType.Float64));
        Assert.Throws<AutogradException>(() => x[0].To_(DType.Float64));
        Assert.Throws<AutogradException>(() => x.To_(DType.Int64));
        Assert.Throws<AutogradException>(() => Transform.Grad((Tensor t) => t.To_(DType.Float64).Sum())(Tensor.Ones(2)));
        Assert.Same(x, x.To_(DType.Float32));
    }

    [Fact]
    public void AViewIsCutOffItsBase()
    {
        var x = Tensor.FromArray([1f, 2, 3]);
        var view = x[1..];
        view.To_(DType.Float64).Zero_();
        Assert.Equal([1f, 2, 3], x.ToArray<float>());
    }

    [Fact]
    public void ApplyGoesFromTheInnermostToTheOutermost()
    {
        var shared = new ReLU();
        Sequential model = [new Sequential(new Linear(2, 2), shared), shared];
        var seen = new List<string>();
        Assert.Same(model, model.Apply(module => seen.Add(module.GetType().Name)));
        Assert.Equal(["Linear", "ReLU", "Sequential", "Sequential"], seen);
    }

    [Fact]
    public void AFrozenPartIsNotTrained()
    {
        Sequential model = [new Linear(2, 2), new Linear(2, 1)];
        var optimizer = new SGD(model.Parameters(), lr: 0.1, momentum: 0.9);
        Step();
        model[0].Freeze();
        var (before, head) = (model[0].Parameters().First().Detach().Clone(), model[1].Parameters().First().Detach().Clone());
        Step();
        Assert.True(before.Equal(model[0].Parameters().First()));
        Assert.False(head.Equal(model[1].Parameters().First()));
        model.Unfreeze();
        Step();
        Assert.False(before.Equal(model[0].Parameters().First()));

        void Step()
        {
            optimizer.ZeroGrad();
            model.Forward(Tensor.Ones([3, 2])).Square().Sum().Backward();
            optimizer.Step();
        }
    }
}
