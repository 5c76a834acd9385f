using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Orders;

namespace TorchSharpPeer.Rows;

/// <summary>The orders, scans and products, their results disposed at once.</summary>
public sealed class Orders : PeerRow
{
    private readonly Ours _row;
    private readonly Tensor _x;

    public Orders(Ours row)
    {
        _row = row;
        _x = row.IsLine
            ? Numbers.Tensor(row.X, row.Element, Ours.Rows * Ours.Columns)
            : Numbers.Tensor(row.X, row.Element, Ours.Rows, Ours.Columns);
        if (row.Operation == "prod-rows-gradient")
        {
            _x.requires_grad = true;
        }
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Apply();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var result = Apply();
        return _row.Operation == "prod-rows-gradient" ? [Numbers.Of(result), Numbers.Of(_x.grad!)] : [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Apply()
    {
        switch (_row.Operation)
        {
            case "sort":
                return _x.sort().Values;
            case "topk":
                return _x.topk(Ours.Best).values;
            case "cumsum":
                return _x.cumsum(0);
            case "prod-rows":
                return _x.prod(1);
            default:
                _x.grad = null;
                var products = _x.prod(1);
                products.sum().backward();
                return products;
        }
    }
}
