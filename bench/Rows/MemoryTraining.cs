namespace Adjoint.Bench.Rows;

/// <summary>
/// The most memory that a process has resident over a thousand steps of <see cref="MlpAdam"/> or <see cref="LeNetAdam"/>, without any <c>Dispose</c>
/// on our side and in a <c>DisposeScope</c> for each step on the peer's.
/// </summary>
[Row("memory-mlp", false)]
[Row("memory-lenet", true)]
public sealed class MemoryTraining(bool isConvolutional) : Row
{
    /// <summary>The training that is watched.</summary>
    public Row Training { get; } = isConvolutional ? new LeNetAdam() : new MlpAdam();

    public override string Unit => "MB/process";

    public override ProcessFigure? InProcess => ProcessFigure.PeakResident;

    public override void Ours() => Training.Ours();

    public override double[][] Results() => Training.Results();
}
