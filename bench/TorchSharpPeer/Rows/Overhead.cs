using Adjoint.Bench;
using Adjoint.Bench.Rows;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Overhead;

namespace TorchSharpPeer.Rows;

/// <summary>The chain of small operators, one scope for a chain.</summary>
public sealed class Overhead : PeerRow
{
    private readonly Ours _row;
    private readonly Tensor _x;
    private readonly Tensor _seed;

    public Overhead(Ours row)
    {
        _row = row;
        _x = tensor(row.Values, requires_grad: row.Mode != Recorded.No);
        _seed = ones(row.Values.Length);
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        var z = Chain();
        if (_row.Mode == Recorded.Backward)
        {
            _x.grad = null;
            z.backward([_seed]);
        }
    }

    public override double[][] Results()
    {
        Run();
        using var scope = NewDisposeScope();
        var value = Numbers.Of(Chain());
        return _row.Mode == Recorded.Backward ? [value, Numbers.Of(_x.grad!)] : [value];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Chain()
    {
        var z = _x;
        for (var i = 0; i < Ours.Pairs; i++)
        {
            z = (z * _x).tanh();
        }

        return z;
    }
}
