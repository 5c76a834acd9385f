using Adjoint.Bench;
using Ours = Adjoint.Bench.Rows.MemoryMlp;

namespace TorchSharpPeer.Rows;

/// <summary>The same training with TorchSharp, one scope for a step.</summary>
public sealed class MemoryMlp(Ours row) : PeerRow
{
    private readonly MlpAdam _training = new(row.Training);

    public override void Run() => _training.Run();

    public override double[][] Results() => _training.Results();

    protected override void Dispose(bool disposing)
    {
        _training.Dispose();
        base.Dispose(disposing);
    }
}
