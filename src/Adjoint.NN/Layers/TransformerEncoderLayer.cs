namespace Adjoint.NN;

/// <summary>Self-attention and a network for each position, both with a way around and a layer norm
/// (<c>torch.nn.TransformerEncoderLayer</c>).</summary>
public sealed class TransformerEncoderLayer : Layer
{
    private readonly MultiheadAttention _attention;
    private readonly Linear _first;
    private readonly Linear _second;
    private readonly LayerNorm _norm1;
    private readonly LayerNorm _norm2;
    private readonly Dropout _inner;
    private readonly Dropout _dropout1;
    private readonly Dropout _dropout2;
    private readonly bool _normFirst;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Func<TransformerEncoderLayer> _again;

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
    public TransformerEncoderLayer(
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
            var again = new TransformerEncoderLayer(
                dModel, nHead, dimFeedforward, dropout, layerNormEps, batchFirst, normFirst, dtype, new Generator(0), activation);
            ModuleCopy.Of(this, again, generator);
            return again;
        };
        _normFirst = normFirst;
        _attention = Child("self_attn", new MultiheadAttention(dModel, nHead, dropout, true, batchFirst, dtype, generator));
        _first = Child("linear1", new Linear(dModel, dimFeedforward, true, dtype, generator));
        _inner = Child("dropout", new Dropout(dropout, generator));
        _second = Child("linear2", new Linear(dimFeedforward, dModel, true, dtype, generator));
        _norm1 = Child("norm1", new LayerNorm(dModel, layerNormEps, dtype: dtype));
        _norm2 = Child("norm2", new LayerNorm(dModel, layerNormEps, dtype: dtype));
        _dropout1 = Child("dropout1", new Dropout(dropout, generator));
        _dropout2 = Child("dropout2", new Dropout(dropout, generator));
    }

    /// <summary>Another layer with the same settings and values.</summary>
    internal TransformerEncoderLayer Copy() => _again();

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Forward(x, null);
    }

    /// <summary>The layer with a mask for its attention.</summary>
    /// <param name="x">Of shape [L, N, E], or [N, L, E] with batchFirst; without a batch [L, E].</param>
    /// <param name="mask">As for <see cref="MultiheadAttention.Forward"/>; null for none.</param>
    /// <param name="keyPaddingMask">Likewise (<c>src_key_padding_mask</c>); null for none.</param>
    /// <param name="isCausal">A position sees none after it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? mask, Tensor? keyPaddingMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (_normFirst)
        {
            x = x + Attend(_norm1.Forward(x), mask, keyPaddingMask, isCausal);
            return x + Think(_norm2.Forward(x));
        }

        x = _norm1.Forward(x + Attend(x, mask, keyPaddingMask, isCausal));
        return _norm2.Forward(x + Think(x));
    }

    private Tensor Attend(Tensor x, Tensor? mask, Tensor? keyPaddingMask, bool isCausal) =>
        _dropout1.Forward(_attention.Forward(x, x, x, keyPaddingMask, mask, isCausal));

    private Tensor Think(Tensor x) => _dropout2.Forward(_second.Forward(_inner.Forward(_activation(_first.Forward(x)))));
}
