using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LayerNormRows;

namespace TorchSharpPeer.Rows;

/// <summary>The norm with <c>functional.layer_norm</c>.</summary>
public sealed class LayerNormRows : PeerRow
{
    private static readonly long[] Sizes = [Ours.Length];

    private readonly Ours _row;
    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public LayerNormRows(Ours row)
    {
        _row = row;
        _x = Numbers.Tensor(row.X, row.Element, Ours.Count, Ours.Length);
        _weight = Numbers.Tensor(row.Weight, row.Element, Ours.Length);
        _bias = Numbers.Tensor(row.Bias, row.Element, Ours.Length);
        _seed = Numbers.Tensor(row.Seed, row.Element, Ours.Count, Ours.Length);
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
        var y = nn.functional.layer_norm(_x, Sizes, _weight, _bias);
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
