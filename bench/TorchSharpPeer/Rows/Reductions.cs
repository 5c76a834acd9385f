using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Reductions;

namespace TorchSharpPeer.Rows;

/// <summary>The reductions, their results disposed at once.</summary>
public sealed class Reductions(Ours row) : PeerRow
{
    private readonly Tensor _x = Numbers.Tensor(row.X, row.Element, Ours.Rows, Ours.Columns);

    public override void Run() => Apply().Dispose();

    public override double[][] Results()
    {
        using var result = Apply();
        return [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Apply() => row.Operation switch
    {
        "sum" => _x.sum(),
        "sum-rows" => _x.sum([1L]),
        "sum-columns" => _x.sum([0L]),
        "max-rows" => _x.amax([1]),
        "argmax-rows" => _x.argmax(1),
        "logsumexp-rows" => _x.logsumexp(1),
        "var-rows" => _x.var(1),
        "norm" => linalg.vector_norm(_x, 2),
        _ => _x.softmax(1),
    };
}
