using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.BroadcastMul;

namespace TorchSharpPeer.Rows;

/// <summary>The product and its gradients.</summary>
public sealed class BroadcastMul : PeerRow
{
    private readonly Tensor _x;
    private readonly Tensor _w;
    private readonly Tensor _seed;

    public BroadcastMul(Ours row)
    {
        _x = Numbers.Tensor(row.X, row.Element, Ours.Rows, Ours.Columns);
        _w = Numbers.Tensor(row.W, row.Element, Ours.Columns);
        _seed = Numbers.Tensor(row.Seed, row.Element, Ours.Rows, Ours.Columns);
        _x.requires_grad = true;
        _w.requires_grad = true;
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Pass();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var value = Numbers.Of(Pass());
        return [value, Numbers.Of(_x.grad!), Numbers.Of(_w.grad!)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _w.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        var y = _x * _w;
        _x.grad = null;
        _w.grad = null;
        y.backward([_seed]);
        return y;
    }
}
