using Adjoint.NN;

namespace Adjoint.Tests.NN;

/// <summary>
/// Attention with several heads, and the encoder's layer. Numbers: libtorch 2.10 by TorchSharp 0.107;
/// every parameter and input is sin(0.7 i), keys are half of that.
/// </summary>
public class AttentionLayerTests
{
    private static readonly Tensor Query = Waves(3, 2, 4);
    private static readonly Tensor Key = 0.5 * Waves(5, 2, 4);

    private static readonly Tensor Padding = Tensor.FromArray([false, false, true, false, true, false, true, false, false, false], 2, 5);

    [Fact]
    public void OfATensorToItself() =>
        Close([2.0371525, -1.7035642, 3.3725626, -1.2873908, -0.35873008], Attention().Forward(Query, Query, Query));

    [Fact]
    public void ToAnotherTensor() =>
        Close([1.6913979, -1.1928737, 2.7559488, -0.63610685, -1.045798], Attention().Forward(Query, Key, Key));

    [Fact]
    public void WithoutThePadding() =>
        Close([1.7190592, -1.2566166, 2.8484075, -0.7465972, -1.1525639], Attention().Forward(Query, Key, Key, Padding));

    [Fact]
    public void WithoutWhatComesLater()
    {
        // libtorch was given numbers to add: its C++ module adds truth values as ones.
        double[] expected = [2.3187966, -2.3993971, 4.4021764, -2.5318089, -0.35873008];
        var later = Tensor.Arange(3) > Tensor.Arange(3).Unsqueeze(1);
        var attention = Attention();
        Close(expected, attention.Forward(Query, Query, Query, attnMask: later));
        Close(expected, attention.Forward(Query, Query, Query, isCausal: true));
        Close(expected, attention.Forward(Query, Query, Query, attnMask: later.Unsqueeze(0).Expand(4, 3, 3)));
        Close(expected, attention.Forward(Query, Query, Query, attnMask: Tensor.Zeros(3, 3).MaskedFill(later, double.NegativeInfinity)));
        Close(expected, attention.Forward(Query, Query, Query, Tensor.Zeros([2, 3], DType.Bool), isCausal: true));
    }

    /// <summary>Both masks together hide what either hides.</summary>
    [Fact]
    public void MasksAddUp()
    {
        var attention = Attention();
        var mask = Tensor.FromArray([true, false, false, false, false], 1, 5).Expand(3, 5);
        var both = Padding.Clone();
        both[.., 0] = true;
        Assert.Equal(
            attention.Forward(Query, Key, Key, both).Detach().ToArray<float>(),
            attention.Forward(Query, Key, Key, Padding, mask).Detach().ToArray<float>());
    }

    [Fact]
    public void TheBatchMayComeFirst()
    {
        var (attention, first) = (Attention(), Filled(new MultiheadAttention(4, 2, batchFirst: true)));
        var expected = attention.Forward(Query, Key, Key, Padding);
        var actual = first.Forward(Query.Transpose(0, 1), Key.Transpose(0, 1), Key.Transpose(0, 1), Padding).Transpose(0, 1);
        Assert.Equal(expected.Detach().ToArray<float>(), actual.Detach().ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-6);
        var single = attention.Forward(Query[.., 0], Key[.., 0], Key[.., 0], Padding[0]);
        Assert.Equal(expected[.., 0].Detach().ToArray<float>(), single.Detach().ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void TheEncodersLayer() =>
        Close([0, -0.45730248, 1.6494992, 1.4889901, 1.3567611], Filled(new TransformerEncoderLayer(4, 2, 6)).Forward(Query));

    [Fact]
    public void TheNormsMayComeFirst()
    {
        // x + attend(norm x), then y + think(norm y): by the parts, which the other tests hold against libtorch.
        var layer = Filled(new TransformerEncoderLayer(4, 2, 6, normFirst: true));
        var parts = layer.NamedChildren.ToDictionary(child => child.Name, child => child.Module);
        Tensor Run(string name, Tensor x) => ((Layer)parts[name]).Forward(x);
        var normal = Run("norm1", Query);
        var y = Query + ((MultiheadAttention)parts["self_attn"]).Forward(normal, normal, normal);
        var expected = y + Run("linear2", Run("linear1", Run("norm2", y)).Relu());
        Assert.Equal(expected.Detach().ToArray<float>(), layer.Forward(Query).Detach().ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>The words of <c>multi_head_attention_forward</c> in PyTorch's <c>functional.py</c>; for heads, of libtorch.</summary>
    [Fact]
    public void MistakesAreTold()
    {
        var attention = Attention();
        Says<ArgumentException>("embed_dim must be divisible by num_heads", () => new MultiheadAttention(5, 2).InProjWeight!);
        Says<ShapeException>(
            "query should be unbatched 2D or batched 3D tensor but received 4-D query tensor", () => attention.Forward(Waves(1, 1, 1, 4), Key, Key));
        Says<ShapeException>(
            "For batched (3-D) `query`, expected `key` and `value` to be 3-D but found 2-D and 3-D tensors respectively",
            () => attention.Forward(Query, Key[0], Key));
        Says<ShapeException>("was expecting embedding dimension of 4, but got 5", () => attention.Forward(Waves(3, 2, 5), Key, Key));
        Says<ShapeException>(
            "key shape torch.Size([5, 2, 4]) does not match value shape torch.Size([3, 2, 4])", () => attention.Forward(Query, Key, Query));
        Says<ShapeException>(
            "expecting key_padding_mask shape of (2, 5), but got torch.Size([5, 2])", () => attention.Forward(Query, Key, Key, Padding.T));

        static void Says<E>(string message, Func<Tensor> call)
            where E : Exception => Assert.StartsWith(message, Assert.Throws<E>(call).Message, StringComparison.Ordinal);
    }

    private static MultiheadAttention Attention() => Filled(new MultiheadAttention(4, 2));

    private static M Filled<M>(M module)
        where M : Module
    {
        foreach (var parameter in module.Parameters())
        {
            parameter.Detach().Copy_(Waves([.. parameter.Shape]));
        }

        return module.Eval();
    }

    private static Tensor Waves(params int[] shape) =>
        (0.7 * Tensor.Arange(Shape.Product(shape)).To(DType.Float64)).Sin().Reshape(shape).To(DType.Float32);

    /// <summary>The first four elements and the last.</summary>
    private static void Close(double[] expected, Tensor actual)
    {
        var all = actual.Detach().To(DType.Float64).Reshape(-1).ToArray<double>();
        Assert.Equal(expected, [.. all[..4], all[^1]], (a, b) => Math.Abs(a - b) <= 2e-6);
    }
}
