using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>Parameters that are computed of others: PyTorch's names and texts, closed forms, and the singular values of another method.</summary>
public class ParametrizeTests
{
    private sealed class Symmetric : Layer
    {
        public override Tensor Forward(Tensor x) => x.Triu() + x.Triu(1).T;
    }

    private sealed class Double : Layer
    {
        public override Tensor Forward(Tensor x) => 2 * x;
    }

    private sealed class Cut : Layer
    {
        public override Tensor Forward(Tensor x) => x[..1];
    }

    private static Linear Layer() => new(3, 4, dtype: DType.Float64, generator: new Generator(4));

    [Fact]
    public void WeightNormHasPyTorchsNamesAndTheSameFunction()
    {
        var x = Tensor.Randn([5, 3], DType.Float64, new Generator(1));
        var expected = Layer().Forward(x);
        var layer = Layer().WeightNorm();
        Assert.Equal(
            ["bias", "parametrizations.weight.original0", "parametrizations.weight.original1"], layer.NamedParameters().Select(p => p.Name));
        Assert.Equal([4, 1], layer.NamedParameters().ElementAt(1).Value.Shape.ToArray());
        Assert.True(expected.AllClose(layer.Forward(x), rtol: 1e-14, atol: 1e-15));
        Assert.True(layer.IsParametrized());
        Assert.Equal(
            "ParametrizedLinear(\n  in_features=3, out_features=4, bias=True\n  (parametrizations): ModuleDict(\n" +
            "    (weight): ParametrizationList(\n      (0): _WeightNorm()\n    )\n  )\n)",
            layer.ToString());
    }

    /// <summary>w = g v / |v|: dg = (dw, v) / |v|, dv = g / |v| (dw - v (v, dw) / |v|^2).</summary>
    [Fact]
    public void WeightNormHasTheGradientsOfItsFormula()
    {
        var layer = Layer().WeightNorm();
        var x = Tensor.Randn([5, 3], DType.Float64, new Generator(1));
        layer.Forward(x).Square().Sum().Backward();
        var (g, v) = (layer.NamedParameters().ElementAt(1).Value, layer.NamedParameters().ElementAt(2).Value);

        var w = layer.Weight.Detach().RequiresGrad_();
        x.Linear(w, layer.Bias!.Detach()).Square().Sum().Backward();
        var (dw, length) = (w.Grad!, v.Detach().Square().Sum(1, keepDim: true).Sqrt());
        var along = (dw * v.Detach()).Sum(1, keepDim: true);
        Assert.True((along / length).AllClose(g.Grad!, rtol: 1e-12, atol: 1e-14));
        Assert.True((g.Detach() / length * (dw - (v.Detach() * along / length.Square()))).AllClose(v.Grad!, rtol: 1e-12, atol: 1e-14));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(null)]
    public void WeightNormOfOtherDimensionsIsTheSameFunction(int? dim)
    {
        var layer = Layer().WeightNorm(dim: dim);
        Assert.True(Layer().Weight.AllClose(layer.Weight, rtol: 1e-14, atol: 1e-15));
        Assert.Equal(dim is null ? [] : [1, 3], layer.NamedParameters().ElementAt(1).Value.Shape.ToArray());
    }

    [Fact]
    public void SpectralNormDividesByTheLargestSingularValue()
    {
        var layer = Layer().SpectralNorm(generator: new Generator(2));
        for (var i = 0; i < 30; i++)
        {
            _ = layer.Weight;
        }

        var largest = Linalg.Svdvals(Layer().Weight.Detach())[0];
        Assert.True((Layer().Weight / largest).AllClose(layer.Weight, rtol: 1e-10, atol: 1e-12));
        Assert.Equal(["bias", "parametrizations.weight.original"], layer.NamedParameters().Select(p => p.Name));
        Assert.Equal(["parametrizations.weight.0._u", "parametrizations.weight.0._v"], layer.NamedBuffers().Select(b => b.Name));
    }

    [Fact]
    public void SpectralNormStandsStillInEvaluation()
    {
        var layer = new ConvTranspose2d(2, 3, 2, generator: new Generator(1)).SpectralNorm(generator: new Generator(2));
        Assert.Equal([3], layer.NamedBuffers().First().Value.Shape.ToArray());
        layer.Eval();
        var u = layer.NamedBuffers().First().Value.Clone();
        _ = layer.Weight;
        Assert.True(u.Equal(layer.NamedBuffers().First().Value));
        layer.Train();
        Init.Normal_(layer.NamedParameters().Last().Value, generator: new Generator(3));
        _ = layer.Weight;
        Assert.False(u.Equal(layer.NamedBuffers().First().Value));
    }

    /// <summary>d (sum of c w / sigma) with u and v held: c / sigma - (c, w) / sigma^2 u v'.</summary>
    [Fact]
    public void SpectralNormHasTheGradientOfItsFormula()
    {
        var layer = Layer().SpectralNorm(generator: new Generator(2)).Eval();
        var w = layer.NamedParameters().Last().Value;
        var c = Tensor.Randn([4, 3], DType.Float64, new Generator(3));
        (layer.Weight * c).Sum().Backward();
        var (u, v) = (layer.NamedBuffers().First().Value, layer.NamedBuffers().Last().Value);
        var sigma = Tensor.Dot(u, w.Detach().Mv(v));
        var expected = (c / sigma) - ((c * w.Detach()).Sum() / sigma.Square() * u.Outer(v));
        Assert.True(expected.AllClose(w.Grad!, rtol: 1e-12, atol: 1e-14));
    }

    [Fact]
    public void LayersFollowEachOtherAndAreRemoved()
    {
        var layer = new Linear(3, 3, dtype: DType.Float64, generator: new Generator(4));
        var own = layer.Weight.Detach().Clone();
        layer.RegisterParametrization("weight", new Symmetric()).RegisterParametrization("weight", new Double());
        var expected = 2 * (own.Triu() + own.Triu(1).T);
        Assert.True(expected.Equal(layer.Weight));
        layer.RemoveParametrizations();
        Assert.Equal(["bias", "weight"], layer.NamedParameters().Select(p => p.Name));
        Assert.True(expected.Equal(layer.Weight));
        Assert.False(layer.IsParametrized());

        layer.RegisterParametrization("weight", new Double()).RemoveParametrizations(leaveParametrized: false);
        Assert.True(expected.Equal(layer.Weight));
        Assert.Equal("Linear(in_features=3, out_features=3, bias=True)", layer.ToString());
    }

    [Fact]
    public void RecurrentWeightsCanBeComputed()
    {
        var x = Tensor.Randn([4, 2, 3], DType.Float64, new Generator(1));
        LSTM Make() => new(3, 5, numLayers: 2, dtype: DType.Float64, generator: new Generator(2));
        var expected = Make().Forward(x).Output;
        var lstm = Make().WeightNorm("weight_hh_l0").WeightNorm("weight_ih_l1");
        Assert.True(expected.AllClose(lstm.Forward(x).Output, rtol: 1e-13, atol: 1e-14));
        lstm.Forward(x).Output.Sum().Backward();
        Assert.All(lstm.Parameters(), parameter => Assert.NotNull(parameter.Grad));
    }

    [Fact]
    public void AStateIsLoadedByItsNames()
    {
        var (from, to) = (Layer().WeightNorm(), new Linear(3, 4, dtype: DType.Float64).WeightNorm());
        Assert.True(to.LoadStateDict(from.StateDict()).IsComplete);
        Assert.True(from.Weight.Equal(to.Weight));
    }

    [Fact]
    public void WhatCannotBeComputedIsRefused()
    {
        Assert.StartsWith("Module 'Linear' does not have a parameter with name 'wait'",
            Assert.Throws<ArgumentException>(() => Layer().WeightNorm("wait")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Adjoint.NN.LayerNorm(3).WeightNorm());
        Assert.Throws<ArgumentException>(() => Layer().WeightNorm().WeightNorm());
        Assert.Throws<TensorIndexException>(() => Layer().WeightNorm(dim: 2));
        Assert.Throws<TensorIndexException>(() => Layer().SpectralNorm(dim: 2));
        Assert.Throws<ShapeException>(() => Layer().RegisterParametrization("weight", new Cut()));
        Assert.Throws<ArgumentException>(() => Layer().RemoveParametrizations());
        Assert.Throws<ArgumentException>(() => Layer().WeightNorm().RemoveParametrizations(leaveParametrized: false));
    }

    [Fact]
    public void AFrozenWeightStaysFrozen()
    {
        var layer = Layer().Freeze().SpectralNorm();
        Assert.All(layer.Parameters(), parameter => Assert.False(parameter.RequiresGrad));
    }
}
