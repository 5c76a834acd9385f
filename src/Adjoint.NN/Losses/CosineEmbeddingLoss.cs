namespace Adjoint.NN;

/// <summary>The loss of angles as a module (<c>torch.nn.CosineEmbeddingLoss</c>); see <c>Tensor.CosineEmbeddingLoss</c>.</summary>
/// <param name="margin">The cosine from which on pairs that do not belong together cost.</param>
/// <param name="reduction">How pairs are combined.</param>
public sealed class CosineEmbeddingLoss(double margin = 0, LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input1">The first of each pair.</param>
    /// <param name="input2">The second of each pair.</param>
    /// <param name="target">1 or -1 for each pair.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input1, Tensor input2, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input1);
        return input1.CosineEmbeddingLoss(input2, target, margin, reduction);
    }
}
