using Adjoint.NN;
using Adjoint.Tests.Transforms;

namespace Adjoint.Tests.NN;

/// <summary>A batch with a sample that is padding all through: the other samples
/// and every parameter's gradient are what they are without it.</summary>
public class PaddedSampleTests
{
    private static readonly Tensor Input = Tensor.Arange(2 * 3 * 4, dtype: DType.Float64).Mul(0.7).Sin().Reshape(2, 3, 4);

    private static readonly Tensor Padding = Tensor.FromArray([false, false, true, true, true, true], 2, 3);

    private static IEnumerable<Tensor> Paddings() =>
        [Padding, Tensor.Zeros([2, 3], DType.Float64).MaskedFill(Padding, double.NegativeInfinity)];

    private static void Agree(Module module, Func<Tensor, Tensor?, Tensor> forward)
    {
        foreach (var padding in Paddings())
        {
            foreach (var createGraph in new[] { false, true })
            {
                module.ZeroGrad();
                var alone = forward(Input[..1], padding[..1]);
                alone.Square().Sum().Backward();
                var expected = module.NamedParameters().ToDictionary(pair => pair.Name, pair => pair.Value.Grad!.Clone());

                module.ZeroGrad();
                var x = Input.Clone().RequiresGrad_();
                var both = forward(x, padding);
                Assert.All(both.Detach().ToArray<double>(), value => Assert.True(double.IsFinite(value)));
                Check.Close(alone.Detach(), both.Detach()[..1], 1e-12, "the other sample");
                both[0].Square().Sum().Backward(createGraph: createGraph);
                foreach (var (name, parameter) in module.NamedParameters())
                {
                    Check.Close(expected[name], parameter.Grad!.Detach(), 1e-10, name);
                }

                Assert.All(x.Grad!.Detach()[1].ToArray<double>(), value => Assert.Equal(0, value));

                // Nor does a loss over the padded sample make NaN.
                module.ZeroGrad();
                forward(x, padding).Square().Sum().Backward(createGraph: createGraph);
                Assert.All(
                    module.NamedParameters(),
                    pair => Assert.All(pair.Value.Grad!.Detach().ToArray<double>(), value => Assert.True(double.IsFinite(value))));
            }
        }
    }

    [Fact]
    public void Attention()
    {
        var attention = new MultiheadAttention(4, 2, batchFirst: true, dtype: DType.Float64, generator: new Generator(1));
        Agree(attention, (x, padding) => attention.Forward(x, x, x, padding));
        Agree(attention, (x, padding) => attention.Forward(x, x, x, padding, isCausal: true));
    }

    [Fact]
    public void TheEncodersLayer()
    {
        foreach (var normFirst in new[] { false, true })
        {
            var layer = new TransformerEncoderLayer(
                4, 2, 8, dropout: 0, batchFirst: true, normFirst: normFirst, dtype: DType.Float64, generator: new Generator(1));
            Agree(layer, (x, padding) => layer.Forward(x, null, padding));
            Agree(layer, (x, padding) => layer.Forward(x, null, padding, isCausal: true));
        }
    }

    /// <summary>A row of zeros is what attention gives, so its projection is the bias.</summary>
    [Fact]
    public void WhatSeesNothingIsTheBias()
    {
        var attention = new MultiheadAttention(4, 2, batchFirst: true, dtype: DType.Float64, generator: new Generator(1));
        var mask = Tensor.FromArray([false, false, false, true, true, true, false, false, false], 3, 3);
        var y = attention.Forward(Input, Input, Input, attnMask: mask);
        Assert.All(y.Detach()[.., 1].ToArray<double>(), value => Assert.Equal(0, value));
        y.Sum().Backward();
        Assert.All(attention.NamedParameters(), pair => Assert.All(pair.Value.Grad!.ToArray<double>(), value => Assert.True(double.IsFinite(value))));
    }
}
