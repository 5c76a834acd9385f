namespace Adjoint.NN;

/// <summary>Encoder layers one after the other (<c>torch.nn.TransformerEncoder</c>).</summary>
public sealed class TransformerEncoder : Layer
{
    private readonly Layer? _norm;

    /// <summary>Makes the encoder of copies of a layer, which all have its values at first.</summary>
    /// <param name="encoderLayer">The layer; it is none of them itself.</param>
    /// <param name="numLayers">How many copies there are.</param>
    /// <param name="norm">What comes last; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public TransformerEncoder(TransformerEncoderLayer encoderLayer, int numLayers, Layer? norm = null)
    {
        ArgumentNullException.ThrowIfNull(encoderLayer);
        Layers = Child("layers", ModuleCopy.Of(encoderLayer.Copy, numLayers));
        _norm = norm is null ? null : Child("norm", norm);
    }

    /// <summary>The layers.</summary>
    public ModuleList<TransformerEncoderLayer> Layers { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Forward(x, null);
    }

    /// <summary>All layers, with a mask for their attention.</summary>
    /// <param name="src">Of shape [L, N, E], or [N, L, E] if the layers are batchFirst; without a batch [L, E].</param>
    /// <param name="mask">As for <see cref="MultiheadAttention.Forward"/>; null for none.</param>
    /// <param name="srcKeyPaddingMask">Likewise; null for none.</param>
    /// <param name="isCausal">A position sees none after it.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor src, Tensor? mask, Tensor? srcKeyPaddingMask = null, bool isCausal = false)
    {
        ArgumentNullException.ThrowIfNull(src);
        foreach (var layer in Layers)
        {
            src = layer.Forward(src, mask, srcKeyPaddingMask, isCausal);
        }

        return _norm is null ? src : _norm.Call(src);
    }
}
