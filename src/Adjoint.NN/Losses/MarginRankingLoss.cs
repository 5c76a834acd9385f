namespace Adjoint.NN;

/// <summary>
/// The loss of pairs in the wrong order as a module (<c>torch.nn.MarginRankingLoss</c>);
/// see <c>Tensor.MarginRankingLoss</c>.
/// </summary>
/// <param name="margin">How much larger the first one should be.</param>
/// <param name="reduction">How pairs are combined.</param>
public sealed class MarginRankingLoss(double margin = 0, LossReduction reduction = LossReduction.Mean) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="input1">The first of each pair.</param>
    /// <param name="input2">The second of each pair.</param>
    /// <param name="target">1 or -1 for each pair.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor input1, Tensor input2, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input1);
        return input1.MarginRankingLoss(input2, target, margin, reduction);
    }
}
