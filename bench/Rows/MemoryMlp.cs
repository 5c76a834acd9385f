namespace Adjoint.Bench.Rows;

/// <summary>
/// The most memory that a process has resident over a thousand steps of <see cref="MlpAdam"/>, without any <c>Dispose</c> on our side and in a
/// <c>DisposeScope</c> for each step on the peer's.
/// </summary>
[Row("memory-mlp")]
public sealed class MemoryMlp : Row
{
    /// <summary>The training that is watched.</summary>
    public MlpAdam Training { get; } = new();

    public override string Unit => "MB/process";

    public override ProcessFigure? InProcess => ProcessFigure.PeakResident;

    public override void Ours() => Training.Ours();

    public override double[][] Results() => Training.Results();
}
