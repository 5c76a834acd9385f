namespace Adjoint.NN;

/// <summary>The hinge loss of distances as a module (<c>torch.nn.HingeEmbeddingLoss</c>); see <c>Tensor.HingeEmbeddingLoss</c>.</summary>
/// <param name="margin">How far apart pairs should be that do not belong together.</param>
/// <param name="reduction">How elements are combined.</param>
public sealed class HingeEmbeddingLoss(double margin = 1, LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input">Distances.</param>
    /// <param name="target">1 or -1 for each element.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.HingeEmbeddingLoss(target, margin, reduction);
    }
}
