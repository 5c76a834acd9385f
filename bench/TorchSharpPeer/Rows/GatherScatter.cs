using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.GatherScatter;

namespace TorchSharpPeer.Rows;

/// <summary>Elements taken at random positions, and added at them to zeros again.</summary>
public sealed class GatherScatter(Ours row) : PeerRow
{
    private readonly Tensor _x = Numbers.Tensor(row.X, row.Element, Ours.Count);
    private readonly Tensor _index = tensor(row.Index);
    private readonly Tensor _zeros = Numbers.Tensor(new double[Ours.Count], row.Element, Ours.Count);

    public override void Run() => Apply().Dispose();

    public override double[][] Results()
    {
        using var result = Apply();
        return [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _index.Dispose();
        _zeros.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Apply()
    {
        using var taken = _x.gather(0, _index);
        return _zeros.scatter_add(0, _index, taken);
    }
}
