using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.AttentionHeads;

namespace TorchSharpPeer.Rows;

/// <summary>Attention with <c>functional.scaled_dot_product_attention</c>.</summary>
public sealed class AttentionHeads : PeerRow
{
    private readonly Ours _row;
    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly Tensor _value;
    private readonly Tensor _seed;

    public AttentionHeads(Ours row)
    {
        _row = row;
        _query = Numbers.Tensor(row.Values[0], row.Element, row.Shape);
        _key = Numbers.Tensor(row.Values[1], row.Element, row.Shape);
        _value = Numbers.Tensor(row.Values[2], row.Element, row.Shape);
        _seed = Numbers.Tensor(row.Values[3], row.Element, row.Shape);
        foreach (var leaf in new[] { _query, _key, _value })
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
        return _row.WithGradient ? [value, Numbers.Of(_query.grad!), Numbers.Of(_key.grad!), Numbers.Of(_value.grad!)] : [value];
    }

    protected override void Dispose(bool disposing)
    {
        _query.Dispose();
        _key.Dispose();
        _value.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        var y = nn.functional.scaled_dot_product_attention(_query, _key, _value);
        if (_row.WithGradient)
        {
            _query.grad = null;
            _key.grad = null;
            _value.grad = null;
            y.backward([_seed]);
        }

        return y;
    }
}
