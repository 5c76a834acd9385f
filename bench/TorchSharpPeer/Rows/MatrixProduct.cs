using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.MatrixProduct;

namespace TorchSharpPeer.Rows;

/// <summary>The product with <c>matmul</c>.</summary>
public sealed class MatrixProduct(Ours row) : PeerRow
{
    private readonly Tensor _x = Numbers.Tensor(row.X, row.Element, row.SizesX);
    private readonly Tensor _y = Numbers.Tensor(row.Y, row.Element, row.SizesY);

    public override void Run() => _x.matmul(_y).Dispose();

    public override double[][] Results()
    {
        using var product = _x.matmul(_y);
        return [Numbers.Of(product)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _y.Dispose();
        base.Dispose(disposing);
    }
}
