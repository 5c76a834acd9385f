namespace Adjoint.NN;

/// <summary>What batch and instance norm layers share: parameters and running statistics for each channel, and their text.</summary>
public abstract class ChannelNormLayer : Layer
{
    private readonly int[] _ranks;

    private protected ChannelNormLayer(
        int numFeatures, double eps, double? momentum, bool affine, bool trackRunningStats, DType? dtype, int[] ranks)
    {
        _ranks = ranks;
        NumFeatures = numFeatures;
        Eps = eps;
        Momentum = momentum;
        if (affine)
        {
            Weight = Parameter("weight", Tensor.Ones([numFeatures], dtype));
            Bias = Parameter("bias", Tensor.Zeros([numFeatures], dtype));
        }

        if (trackRunningStats)
        {
            RunningMean = Buffer("running_mean", Tensor.Zeros([numFeatures], dtype));
            RunningVar = Buffer("running_var", Tensor.Ones([numFeatures], dtype));
            NumBatchesTracked = Buffer("num_batches_tracked", Tensor.Zeros([], DType.Int64));
        }
    }

    /// <summary>The channels of inputs.</summary>
    public int NumFeatures { get; }

    /// <summary>What keeps the divisor from 0.</summary>
    public double Eps { get; }

    /// <summary>The share of a batch in new running statistics; null for the plain mean over all batches so far.</summary>
    public double? Momentum { get; }

    /// <summary>The factor of each channel; null if there is none.</summary>
    public Tensor? Weight { get; }

    /// <summary>What is added to each channel; null if there is nothing.</summary>
    public Tensor? Bias { get; }

    /// <summary>The running mean of each channel; null if none is kept.</summary>
    public Tensor? RunningMean { get; }

    /// <summary>The running variance of each channel; null if none is kept.</summary>
    public Tensor? RunningVar { get; }

    /// <summary>How many batches the running statistics of a batch norm have seen, int64; null if none are kept.</summary>
    public Tensor? NumBatchesTracked { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{NumFeatures}, eps={ModuleText.Of(Eps)}, momentum={(Momentum is { } share ? ModuleText.Of(share) : "None")}, " +
        $"affine={ModuleText.Of(Weight is not null)}, track_running_stats={ModuleText.Of(RunningMean is not null)}";

    private protected void CheckRank(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!_ranks.Contains(x.Rank))
        {
            throw new ShapeException($"expected {string.Join(" or ", _ranks.Select(rank => $"{rank}D"))} input (got {x.Rank}D input)");
        }
    }
}
