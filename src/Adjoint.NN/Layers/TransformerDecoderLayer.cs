namespace Adjoint.NN;

/// <summary>Self-attention, attention to a memory, and a network for each position, each with a way around and a layer norm
/// (<c>torch.nn.TransformerDecoderLayer</c>).</summary>
public sealed class TransformerDecoderLayer : Module
{
    private readonly MultiheadAttention _attention;
    private readonly MultiheadAttention _toMemory;
    private readonly Linear _first;
    private readonly Linear _second;
    private readonly LayerNorm _norm1;
    private readonly LayerNorm _norm2;
    private readonly LayerNorm _norm3;
    private readonly Dropout _inner;
    private readonly Dropout _dropout1;
    private readonly Dropout _dropout2;
    private readonly Dropout _dropout3;
    private readonly bool _normFirst;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Func<TransformerDecoderLayer> _again;

    /// <summary>Makes the layer with PyTorch's first values, drawn in its order.</summary>
    /// <param name="dModel">The length of inputs and outputs.</param>
    /// <param name="nHead">The number of heads; it divides the length.</param>
    /// <param name="dimFeedforward">The inner length of the network.</param>
    /// <param name="dropout">The share of elements that become 0 in training.</param>
    /// <param name="layerNormEps">What keeps the norms' divisors from 0.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, L, E], and not [L, N, E].</param>
    /// <param name="normFirst">Whether the norms come before attention and network, and not after.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <param name="activation">What the network does between its maps; the rectifier if null.</param>
    /// <exception cref="ArgumentException">The heads do not divide the length.</exception>
    public TransformerDecoderLayer(
        int dModel,
        int nHead,
        int dimFeedforward = 2048,
        double dropout = 0.1,
        double layerNormEps = 1e-5,
        bool batchFirst = false,
        bool normFirst = false,
        DType? dtype = null,
        Generator? generator = null,
        Func<Tensor, Tensor>? activation = null)
    {
        _activation = activation ?? (x => x.Relu());
        _again = () =>
        {
            var again = new TransformerDecoderLayer(
                dModel, nHead, dimFeedforward, dropout, layerNormEps, batchFirst, normFirst, dtype, new Generator(0), activation);
            ModuleCopy.Of(this, again, generator);
            return again;
        };
        _normFirst = normFirst;
        _attention = Child("self_attn", new MultiheadAttention(dModel, nHead, dropout, true, batchFirst, dtype, generator));
        _toMemory = Child("multihead_attn", new MultiheadAttention(dModel, nHead, dropout, true, batchFirst, dtype, generator));
        _first = Child("linear1", new Linear(dModel, dimFeedforward, true, dtype, generator));
        _inner = Child("dropout", new Dropout(dropout, generator));
        _second = Child("linear2", new Linear(dimFeedforward, dModel, true, dtype, generator));
        _norm1 = Child("norm1", new LayerNorm(dModel, layerNormEps, dtype: dtype));
        _norm2 = Child("norm2", new LayerNorm(dModel, layerNormEps, dtype: dtype));
        _norm3 = Child("norm3", new LayerNorm(dModel, layerNormEps, dtype: dtype));
        _dropout1 = Child("dropout1", new Dropout(dropout, generator));
        _dropout2 = Child("dropout2", new Dropout(dropout, generator));
        _dropout3 = Child("dropout3", new Dropout(dropout, generator));
    }

    /// <summary>The layer for a target and a memory.</summary>
    /// <param name="tgt">Of shape [L, N, E], or [N, L, E] with batchFirst; without a batch [L, E].</param>
    /// <param name="memory">What an encoder made, of shape [S, N, E] likewise.</param>
    /// <param name="tgtMask">A mask for the self-attention, as for <see cref="MultiheadAttention.Forward"/>; null for none.</param>
    /// <param name="memoryMask">A mask for the attention to the memory; null for none.</param>
    /// <param name="tgtKeyPaddingMask">Which positions of the target nobody sees; null for none.</param>
    /// <param name="memoryKeyPaddingMask">Which positions of the memory nobody sees; null for none.</param>
    /// <param name="tgtIsCausal">A position of the target sees none after it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(
        Tensor tgt,
        Tensor memory,
        Tensor? tgtMask = null,
        Tensor? memoryMask = null,
        Tensor? tgtKeyPaddingMask = null,
        Tensor? memoryKeyPaddingMask = null,
        bool tgtIsCausal = false)
    {
        ArgumentNullException.ThrowIfNull(tgt);
        ArgumentNullException.ThrowIfNull(memory);
        Tensor Own(Tensor x) => _dropout1.Forward(_attention.Forward(x, x, x, tgtKeyPaddingMask, tgtMask, tgtIsCausal));
        Tensor Others(Tensor x) => _dropout2.Forward(_toMemory.Forward(x, memory, memory, memoryKeyPaddingMask, memoryMask));
        if (_normFirst)
        {
            var x = tgt + Own(_norm1.Forward(tgt));
            x += Others(_norm2.Forward(x));
            return x + Think(_norm3.Forward(x));
        }

        var y = _norm1.Forward(tgt + Own(tgt));
        y = _norm2.Forward(y + Others(y));
        return _norm3.Forward(y + Think(y));
    }

    /// <summary>Another layer with the same settings and values.</summary>
    internal TransformerDecoderLayer Copy() => _again();

    private Tensor Think(Tensor x) => _dropout3.Forward(_second.Forward(_inner.Forward(_activation(_first.Forward(x)))));
}
