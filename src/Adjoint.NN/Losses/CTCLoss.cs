namespace Adjoint.NN;

/// <summary>The loss of sequences without alignment as a module (<c>torch.nn.CTCLoss</c>); see <c>Tensor.CtcLoss</c>.</summary>
/// <param name="blank">The number of the blank.</param>
/// <param name="reduction">How sequences are combined.</param>
/// <param name="zeroInfinity">Infinite losses count as 0.</param>
public sealed class CTCLoss(int blank = 0, LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false) : Module
{
    /// <summary>The loss.</summary>
    /// <param name="logProbs">Log-probabilities, [T, N, C] or [T, C].</param>
    /// <param name="targets">The label numbers.</param>
    /// <param name="inputLengths">The length of each input.</param>
    /// <param name="targetLengths">The length of each label sequence.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor logProbs, Tensor targets, Tensor inputLengths, Tensor targetLengths)
    {
        ArgumentNullException.ThrowIfNull(logProbs);
        return logProbs.CtcLoss(targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
    }
}
