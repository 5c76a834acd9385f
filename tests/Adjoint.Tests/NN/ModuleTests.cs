using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>
/// Registration, names, modes and text of modules, by the behaviour that PyTorch's <c>nn.Module</c> documents.
/// </summary>
public class ModuleTests
{
    private sealed class Scale : Layer
    {
        public Scale(Tensor factor, string name = "factor") => Factor = Parameter(name, factor);

        public Tensor Factor { get; }

        public override Tensor Forward(Tensor x) => x * Factor;
    }

    /// <summary>Two parts, which may be the same.</summary>
    private sealed class Pair : Module
    {
        public Pair(Module left, Module right, string leftName = "left", string rightName = "right")
        {
            Child(leftName, left);
            Child(rightName, right);
        }

        public void Hold(Module module) => Child("more", module);
    }

    [Fact]
    public void ParametersHaveTheNamesOfPyTorchsStateDict()
    {
        Sequential model = [new Linear(4, 3), new ReLU(), new Sequential(new Linear(3, 2, bias: false))];
        Assert.Equal(["0.weight", "0.bias", "2.0.weight"], model.NamedParameters().Select(p => p.Name));
        Assert.All(model.Parameters(), p => Assert.True(p.RequiresGrad && p.IsLeaf));
    }

    [Fact]
    public void AModulesOwnParametersComeBeforeThoseOfItsParts()
    {
        var residual = new Residual(2);
        Assert.Equal(["scale", "inner.weight", "inner.bias"], residual.NamedParameters().Select(p => p.Name));
        Assert.Equal(["", "inner"], residual.NamedModules().Select(m => m.Name));
    }

    [Fact]
    public void WhatIsSharedIsListedOnce()
    {
        var factor = Tensor.Ones(2);
        var layer = new Scale(factor);
        Assert.Equal(["left.factor"], new Pair(layer, layer).NamedParameters().Select(p => p.Name));
        Assert.Equal(["left.factor"], new Pair(layer, new Scale(factor)).NamedParameters().Select(p => p.Name));
    }

    [Theory]
    [InlineData("", "parameter name can't be empty string \"\"")]
    [InlineData("a.b", "parameter name can't contain \".\"")]
    public void ABadParameterNameIsRefused(string name, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => new Scale(Tensor.Ones(1), name));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATakenNameIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Pair(new ReLU(), new ReLU(), "same", "same"));
        Assert.StartsWith("attribute 'same' already exists", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AComputedTensorIsNoParameter()
    {
        var x = Tensor.Ones(1).RequiresGrad_();
        var error = Assert.Throws<AutogradException>(() => new Scale(x * 2));
        Assert.StartsWith(
            "Cannot assign non-leaf Tensor to parameter 'factor'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersAreNoParameter() =>
        Assert.Throws<AutogradException>(() => new Scale(Tensor.FromArray([1L, 2L])));

    [Fact]
    public void AModuleCannotContainItself()
    {
        var inner = new Pair(new ReLU(), new ReLU());
        var outer = new Pair(inner, new ReLU());
        Assert.Throws<ArgumentException>(() => inner.Hold(outer));
        Assert.Throws<ArgumentException>(() => inner.Hold(inner));
    }

    [Fact]
    public void ModesReachEveryPart()
    {
        Sequential model = [new Linear(2, 2), new Sequential(new ReLU())];
        Assert.All(model.NamedModules(), m => Assert.True(m.Module.Training));
        Sequential same = model.Eval();
        Assert.Same(model, same);
        Assert.All(model.NamedModules(), m => Assert.False(m.Module.Training));
        model.Train();
        Assert.All(model.NamedModules(), m => Assert.True(m.Module.Training));
    }

    [Fact]
    public void GradientsAreForgotten()
    {
        Sequential model = [new Linear(2, 2), new Linear(2, 1)];
        void Backward() => model.Forward(Tensor.Ones(1, 2)).Sum().Backward();
        Backward();
        Assert.All(model.Parameters(), p => Assert.NotNull(p.Grad));
        model.ZeroGrad(setToNull: false);
        Assert.All(model.Parameters(), p => Assert.All(p.Grad!.ToArray<float>(), g => Assert.Equal(0, g)));
        model.ZeroGrad();
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    /// <summary>
    /// The form of <c>print(nn.Sequential(...))</c> in PyTorch's "Build the Neural Network" tutorial.
    /// </summary>
    [Fact]
    public void AModelPrintsAsInPyTorch()
    {
        Sequential inner = [new Linear(32, 10, bias: false)];
        Sequential model = [new Linear(64, 32), new ReLU(), inner, new Sequential()];
        Assert.Equal(
            """
            Sequential(
              (0): Linear(in_features=64, out_features=32, bias=True)
              (1): ReLU()
              (2): Sequential(
                (0): Linear(in_features=32, out_features=10, bias=False)
              )
              (3): Sequential()
            )
            """,
            model.ToString());
        Assert.Equal("CrossEntropyLoss()", new CrossEntropyLoss().ToString());
    }

    /// <summary>The form that PyTorch 2.0 gave <c>ModuleList.__repr__</c>: runs of equal modules on one line.</summary>
    [Fact]
    public void AListPrintsRunsOfEqualModulesOnce()
    {
        ModuleList<Layer> list = [new Linear(2, 2), new Linear(2, 2), new ReLU()];
        Assert.Equal(
            """
            ModuleList(
              (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)
              (2): ReLU()
            )
            """,
            list.ToString());
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], list.NamedParameters().Select(p => p.Name));
    }

    /// <summary>The example in the documentation of <see cref="Module"/>.</summary>
    private sealed class Residual : Layer
    {
        private readonly Linear _inner;
        private readonly Tensor _scale;

        public Residual(int features)
        {
            _inner = Child("inner", new Linear(features, features));
            _scale = Parameter("scale", Tensor.Ones(features));
        }

        public override Tensor Forward(Tensor x) => x + _scale * _inner.Forward(x).Relu();
    }
}
