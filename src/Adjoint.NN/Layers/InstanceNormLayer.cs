namespace Adjoint.NN;

/// <summary>What instance norm layers share (<c>torch.nn.InstanceNorm1d</c> and others).</summary>
public abstract class InstanceNormLayer : ChannelNormLayer
{
    private readonly int _axes;

    private protected InstanceNormLayer(
        int axes, int numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, DType? dtype)
        : base(numFeatures, eps, momentum, affine, trackRunningStats, dtype, [axes + 1, axes + 2]) => _axes = axes;

    /// <summary>In training with each image's statistics, whose means the running ones follow;
    /// in evaluation with the running ones if there are any.</summary>
    /// <param name="x">A batch of images, or one without a batch dimension.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        CheckRank(x);
        var isBatch = x.Rank == _axes + 2;
        var dim = isBatch ? 1 : 0;
        if (x.Shape[dim] != NumFeatures && Weight is not null)
        {
            throw new ShapeException($"expected input's size at dim={dim} to match num_features ({NumFeatures}), but got: {x.Shape[dim]}.");
        }

        var images = isBatch ? x : x.Unsqueeze(0);
        var result = images.InstanceNorm(RunningMean, RunningVar, Weight, Bias, Training || RunningMean is null, Momentum ?? 0, Eps);
        return isBatch ? result : result.Squeeze(0);
    }
}
