using Adjoint.Bench;
using Ours = Adjoint.Bench.Rows.MemoryTraining;

namespace TorchSharpPeer.Rows;

/// <summary>The same training with TorchSharp, one scope for a step.</summary>
public sealed class MemoryTraining(Ours row) : PeerRow
{
    private readonly PeerRow _training = row.Training is Adjoint.Bench.Rows.LeNetAdam lenet
        ? new LeNetAdam(lenet)
        : new MlpAdam((Adjoint.Bench.Rows.MlpAdam)row.Training);

    public override void Run() => _training.Run();

    public override double[][] Results() => _training.Results();

    protected override void Dispose(bool disposing)
    {
        _training.Dispose();
        base.Dispose(disposing);
    }
}
