namespace Adjoint.NN;

/// <summary>Decoder layers one after the other (<c>torch.nn.TransformerDecoder</c>).</summary>
public sealed class TransformerDecoder : Module
{
    private readonly Layer? _norm;

    /// <summary>Makes the decoder of copies of a layer, which all have its values at first.</summary>
    /// <param name="decoderLayer">The layer; it is none of them itself.</param>
    /// <param name="numLayers">How many copies there are.</param>
    /// <param name="norm">What comes last; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public TransformerDecoder(TransformerDecoderLayer decoderLayer, int numLayers, Layer? norm = null)
    {
        ArgumentNullException.ThrowIfNull(decoderLayer);
        Layers = Child("layers", ModuleCopy.Of(decoderLayer.Copy, numLayers));
        _norm = norm is null ? null : Child("norm", norm);
    }

    /// <summary>The layers.</summary>
    public ModuleList<TransformerDecoderLayer> Layers { get; }

    /// <summary>All layers, for a target and a memory; masks as for <see cref="TransformerDecoderLayer.Forward"/>.</summary>
    /// <param name="tgt">Of shape [L, N, E], or [N, L, E] if the layers are batchFirst; without a batch [L, E].</param>
    /// <param name="memory">What an encoder made, of shape [S, N, E] likewise.</param>
    /// <param name="tgtMask">A mask for the self-attention; null for none.</param>
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
        foreach (var layer in Layers)
        {
            tgt = layer.Forward(tgt, memory, tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal);
        }

        return _norm is null ? tgt : _norm.Call(tgt);
    }
}
