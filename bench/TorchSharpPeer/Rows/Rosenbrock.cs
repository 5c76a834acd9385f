using Adjoint.Bench;
using Adjoint.Bench.Rows;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Rosenbrock;

namespace TorchSharpPeer.Rows;

/// <summary>Gradients of the gradient: one backward pass over it for each row, or one in all for the product.</summary>
public sealed class Rosenbrock(Ours row) : PeerRow
{
    private readonly Tensor _x = tensor(row.X, requires_grad: true);
    private readonly Tensor _v = tensor(row.V);

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Second();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        return [Numbers.Of(Second())];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _v.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Second()
    {
        var n = row.X.Length;
        var (low, high) = (_x.narrow(0, 0, n - 1), _x.narrow(0, 1, n - 1));
        var value = (100 * (high - low.square()).square()).sum() + (1 - low).square().sum();
        var gradient = autograd.grad([value], [_x], retain_graph: true, create_graph: true)[0];
        if (row.Asked == SecondOrder.Product)
        {
            return autograd.grad([gradient], [_x], [_v])[0];
        }

        var rows = new Tensor[n];
        for (var i = 0; i < n; i++)
        {
            rows[i] = autograd.grad([gradient[i]], [_x], retain_graph: true)[0];
        }

        return stack(rows);
    }
}
