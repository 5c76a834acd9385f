using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.ChainEager;

namespace TorchSharpPeer.Rows;

/// <summary>The chain, one scope for a pass.</summary>
public sealed class ChainEager : PeerRow
{
    private readonly Ours _row;
    private readonly Tensor _x;

    public ChainEager(Ours row)
    {
        _row = row;
        _x = Numbers.Tensor(row.X, row.Element, Ours.Count);
        _x.requires_grad = row.WithGradient;
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
        return _row.WithGradient ? [value, Numbers.Of(_x.grad!)] : [value];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        var y = ((_x.tanh() * (-_x.square()).exp()) + _x.sin()).sum();
        if (_row.WithGradient)
        {
            _x.grad = null;
            y.backward();
        }

        return y;
    }
}
