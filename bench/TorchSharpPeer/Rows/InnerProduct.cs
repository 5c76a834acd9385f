using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.InnerProduct;

namespace TorchSharpPeer.Rows;

/// <summary>The inner product, disposed at once.</summary>
public sealed class InnerProduct(Ours row) : PeerRow
{
    private readonly Tensor _x = Numbers.Tensor(row.X, row.Element, 1, row.X.Length);
    private readonly Tensor _y = Numbers.Tensor(row.Y, row.Element, 1, row.Y.Length);

    public override void Run() => linalg.vecdot(_x, _y).Dispose();

    public override double[][] Results()
    {
        using var result = linalg.vecdot(_x, _y);
        return [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _y.Dispose();
        base.Dispose(disposing);
    }
}
