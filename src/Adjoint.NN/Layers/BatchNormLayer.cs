namespace Adjoint.NN;

/// <summary>What batch norm layers share (<c>torch.nn.BatchNorm1d</c> and others).</summary>
public abstract class BatchNormLayer : ChannelNormLayer
{
    private protected BatchNormLayer(
        int numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, DType? dtype, int[] ranks)
        : base(numFeatures, eps, momentum, affine, trackRunningStats, dtype, ranks)
    {
    }

    /// <summary>In training with the batch's statistics, which the running ones follow;
    /// in evaluation with the running ones if there are any.</summary>
    /// <param name="x">Channels in dimension 1.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        CheckRank(x);
        var share = Momentum ?? 0;
        if (Training && NumBatchesTracked is { } count)
        {
            count.Add_(1);
            share = Momentum ?? (1.0 / count.Item<long>());
        }

        return x.BatchNorm(RunningMean, RunningVar, Weight, Bias, Training || RunningMean is null, share, Eps);
    }
}
