namespace Adjoint.NN;

/// <summary>What a model made of a batch.</summary>
/// <param name="Loss">The loss, one number.</param>
/// <param name="Output">What the model gave, for metrics.</param>
/// <param name="Target">What was right, for metrics.</param>
public readonly record struct TrainingOutput(Tensor Loss, Tensor? Output = null, Tensor? Target = null);

/// <summary>A step of a training.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">How many steps there were, this one included.</param>
/// <param name="Loss">The loss of the batch.</param>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="GradientNorm">The norm of all gradients before they were clipped.</param>
/// <param name="IsSkipped">Whether parameters stayed as they were, since a gradient was not finite.</param>
public readonly record struct TrainingStep(int Epoch, long Step, double Loss, double LearningRate, double GradientNorm, bool IsSkipped);

/// <summary>An epoch of a training.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="TrainingLoss">The mean of the losses of its batches.</param>
/// <param name="ValidationLoss">That on the validation data after it; null if there are none.</param>
/// <param name="Metrics">What the metrics measured on the validation data.</param>
/// <param name="SkippedSteps">How many steps were left out.</param>
public sealed record TrainingEpoch(
    int Epoch, double TrainingLoss, double? ValidationLoss, IReadOnlyDictionary<string, double> Metrics, int SkippedSteps)
{
    /// <summary>The loss that early stopping and plateaus look at.</summary>
    public double Monitored => ValidationLoss ?? TrainingLoss;
}
