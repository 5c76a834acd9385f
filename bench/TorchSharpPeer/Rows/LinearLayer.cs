using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LinearLayer;

namespace TorchSharpPeer.Rows;

/// <summary>The layer with <c>functional.linear</c>.</summary>
public sealed class LinearLayer : PeerRow
{
    private readonly Ours _row;
    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public LinearLayer(Ours row)
    {
        _row = row;
        _x = Numbers.Tensor(row.X, row.Element, Ours.Batch, Ours.From);
        _weight = Numbers.Tensor(row.Weight, row.Element, Ours.To, Ours.From);
        _bias = Numbers.Tensor(row.Bias, row.Element, Ours.To);
        _seed = ones([Ours.Batch, Ours.To], _x.dtype);
        foreach (var leaf in new[] { _x, _weight, _bias })
        {
            leaf.requires_grad = row.WithGradient;
        }
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
        return _row.WithGradient ? [value, Numbers.Of(_x.grad!), Numbers.Of(_weight.grad!), Numbers.Of(_bias.grad!)] : [value];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _weight.Dispose();
        _bias.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        var y = nn.functional.linear(_x, _weight, _bias);
        if (_row.WithGradient)
        {
            _x.grad = null;
            _weight.grad = null;
            _bias.grad = null;
            y.backward([_seed]);
        }

        return y;
    }
}
