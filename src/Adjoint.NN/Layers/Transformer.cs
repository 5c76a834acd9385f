namespace Adjoint.NN;

/// <summary>An encoder, and a decoder that attends to what it made (<c>torch.nn.Transformer</c>; Vaswani and others, "Attention Is All You Need",
/// 2017).</summary>
public sealed class Transformer : Module
{
    private readonly bool _batchFirst;

    /// <summary>Makes both with PyTorch's first values: all weights that are matrices by Xavier's rule.</summary>
    /// <param name="dModel">The length of inputs and outputs.</param>
    /// <param name="nHead">The number of heads; it divides the length.</param>
    /// <param name="numEncoderLayers">How many layers the encoder has.</param>
    /// <param name="numDecoderLayers">How many layers the decoder has.</param>
    /// <param name="dimFeedforward">The inner length of the networks.</param>
    /// <param name="dropout">The share of elements that become 0 in training.</param>
    /// <param name="layerNormEps">What keeps the norms' divisors from 0.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, L, E], and not [L, N, E].</param>
    /// <param name="normFirst">Whether the norms come before attention and network, and not after.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of random numbers; <see cref="Generator.Default"/> if null.</param>
    /// <param name="activation">What the networks do between their maps; the rectifier if null.</param>
    /// <exception cref="ArgumentException">The heads do not divide the length.</exception>
    public Transformer(
        int dModel = 512,
        int nHead = 8,
        int numEncoderLayers = 6,
        int numDecoderLayers = 6,
        int dimFeedforward = 2048,
        double dropout = 0.1,
        double layerNormEps = 1e-5,
        bool batchFirst = false,
        bool normFirst = false,
        DType? dtype = null,
        Generator? generator = null,
        Func<Tensor, Tensor>? activation = null)
    {
        _batchFirst = batchFirst;
        var encoder = new TransformerEncoderLayer(
            dModel, nHead, dimFeedforward, dropout, layerNormEps, batchFirst, normFirst, dtype, generator, activation);
        Encoder = Child("encoder", new TransformerEncoder(encoder, numEncoderLayers, new LayerNorm(dModel, layerNormEps, dtype: dtype)));
        var decoder = new TransformerDecoderLayer(
            dModel, nHead, dimFeedforward, dropout, layerNormEps, batchFirst, normFirst, dtype, generator, activation);
        Decoder = Child("decoder", new TransformerDecoder(decoder, numDecoderLayers, new LayerNorm(dModel, layerNormEps, dtype: dtype)));
        foreach (var parameter in Parameters())
        {
            if (parameter.Rank > 1)
            {
                _ = Init.XavierUniform_(parameter, generator: generator);
            }
        }
    }

    /// <summary>The encoder.</summary>
    public TransformerEncoder Encoder { get; }

    /// <summary>The decoder.</summary>
    public TransformerDecoder Decoder { get; }

    /// <summary>A mask that hides from each position those after it: negative infinity there, and zeros elsewhere.</summary>
    /// <param name="size">How many positions there are.</param>
    /// <param name="dtype">The dtype of the mask; float32 if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Tensor GenerateSquareSubsequentMask(int size, DType? dtype = null)
    {
        Limits.ThrowIfNegative(size);
        return Tensor.Zeros([size, size], dtype).MaskedFill(Tensor.Arange(size) > Tensor.Arange(size).Unsqueeze(1), double.NegativeInfinity);
    }

    /// <summary>The decoder's output for a target, and a source that the encoder reads.</summary>
    /// <param name="src">Of shape [S, N, E], or [N, S, E] with batchFirst; without a batch [S, E].</param>
    /// <param name="tgt">Of shape [T, N, E] likewise.</param>
    /// <param name="srcMask">A mask for the encoder's attention, as for <see cref="MultiheadAttention.Forward"/>; null for none.</param>
    /// <param name="tgtMask">A mask for the decoder's self-attention; null for none.</param>
    /// <param name="memoryMask">A mask for the decoder's attention to the memory; null for none.</param>
    /// <param name="srcKeyPaddingMask">Which positions of the source nobody sees; null for none.</param>
    /// <param name="tgtKeyPaddingMask">Which positions of the target nobody sees; null for none.</param>
    /// <param name="memoryKeyPaddingMask">Which positions of the memory nobody sees; null for none.</param>
    /// <param name="srcIsCausal">A position of the source sees none after it.</param>
    /// <param name="tgtIsCausal">A position of the target sees none after it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(
        Tensor src,
        Tensor tgt,
        Tensor? srcMask = null,
        Tensor? tgtMask = null,
        Tensor? memoryMask = null,
        Tensor? srcKeyPaddingMask = null,
        Tensor? tgtKeyPaddingMask = null,
        Tensor? memoryKeyPaddingMask = null,
        bool srcIsCausal = false,
        bool tgtIsCausal = false)
    {
        ArgumentNullException.ThrowIfNull(src);
        ArgumentNullException.ThrowIfNull(tgt);
        var batch = _batchFirst ? 0 : 1;
        if (src.Rank == 3 && tgt.Rank == 3 && src.Shape[batch] != tgt.Shape[batch])
        {
            throw new ShapeException("the batch number of src and tgt must be equal");
        }

        var memory = Encoder.Forward(src, srcMask, srcKeyPaddingMask, srcIsCausal);
        return Decoder.Forward(tgt, memory, tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal);
    }
}
