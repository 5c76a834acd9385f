using Adjoint.Bench;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.DenseJacobian;

namespace TorchSharpPeer.Rows;

/// <summary>TorchSharp has no Jacobian: one pass forward and one backward for each row.</summary>
public sealed class DenseJacobian(Ours row) : PeerRow
{
    private readonly Tensor _w = tensor(row.W, [Ours.Size, Ours.Size]);
    private readonly Tensor _b = tensor(row.B);
    private readonly Tensor _x = tensor(row.X, requires_grad: true);

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Jacobian();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        return [Numbers.Of(Jacobian())];
    }

    protected override void Dispose(bool disposing)
    {
        _w.Dispose();
        _b.Dispose();
        _x.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Jacobian()
    {
        var y = (_w.mv(_x) + _b).tanh();
        var rows = new Tensor[Ours.Size];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = autograd.grad([y[i]], [_x], retain_graph: true)[0];
        }

        return stack(rows);
    }
}
