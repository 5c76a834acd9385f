using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.EinsumAttention;

namespace TorchSharpPeer.Rows;

/// <summary>Attention with <c>einsum</c>.</summary>
public sealed class EinsumAttention : PeerRow
{
    private readonly Tensor _query;
    private readonly Tensor _key;
    private readonly Tensor _value;
    private readonly Tensor _seed;

    public EinsumAttention(Ours row)
    {
        _query = Numbers.Tensor(row.Values[0], row.Element, row.Shape);
        _key = Numbers.Tensor(row.Values[1], row.Element, row.Shape);
        _value = Numbers.Tensor(row.Values[2], row.Element, row.Shape);
        _seed = Numbers.Tensor(row.Values[3], row.Element, row.Shape);
        _query.requires_grad = true;
        _key.requires_grad = true;
        _value.requires_grad = true;
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
        return [value, Numbers.Of(_query.grad!), Numbers.Of(_key.grad!), Numbers.Of(_value.grad!)];
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
        var weights = (einsum(Ours.OfScores, _query, _key) * 0.125).softmax(-1);
        var y = einsum(Ours.OfValues, weights, _value);
        _query.grad = null;
        _key.grad = null;
        _value.grad = null;
        y.backward([_seed]);
        return y;
    }
}
