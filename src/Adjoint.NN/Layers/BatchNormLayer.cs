namespace Adjoint.NN;

/// <summary>What batch norm layers share: parameters, running statistics, and their text (<c>torch.nn.BatchNorm1d</c> and others).</summary>
public abstract class BatchNormLayer : Layer
{
    private readonly int[] _ranks;

    private protected BatchNormLayer(int numFeatures, double eps, double momentum, bool affine, bool trackRunningStats, DType dtype, int[] ranks)
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

    /// <summary>The share of a batch in new running statistics.</summary>
    public double Momentum { get; }

    /// <summary>The factor of each channel; null if there is none.</summary>
    public Tensor? Weight { get; }

    /// <summary>What is added to each channel; null if there is nothing.</summary>
    public Tensor? Bias { get; }

    /// <summary>The running mean of each channel; null if none is kept.</summary>
    public Tensor? RunningMean { get; }

    /// <summary>The running variance of each channel; null if none is kept.</summary>
    public Tensor? RunningVar { get; }

    /// <summary>How many batches the running statistics have seen, int64; null if none are kept.</summary>
    public Tensor? NumBatchesTracked { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{NumFeatures}, eps={ModuleText.Of(Eps)}, momentum={ModuleText.Of(Momentum)}, affine={ModuleText.Of(Weight is not null)}, " +
        $"track_running_stats={ModuleText.Of(RunningMean is not null)}";

    /// <summary>In training with the batch's statistics, which the running ones follow; in evaluation with the running ones if there are any.</summary>
    /// <param name="x">Channels in dimension 1.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!_ranks.Contains(x.Rank))
        {
            throw new ShapeException($"expected {string.Join(" or ", _ranks.Select(rank => $"{rank}D"))} input (got {x.Rank}D input)");
        }

        if (Training)
        {
            NumBatchesTracked?.Add_(1);
        }

        return x.BatchNorm(RunningMean, RunningVar, Weight, Bias, Training || RunningMean is null, Momentum, Eps);
    }
}
