using Adjoint.Bench;
using Adjoint.Bench.Rows;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LinearSystem;

namespace TorchSharpPeer.Rows;

/// <summary>The same with <c>torch.linalg</c>.</summary>
public sealed class LinearSystem : PeerRow
{
    private readonly LinearTask _task;
    private readonly Tensor _a;
    private readonly Tensor? _b;

    public LinearSystem(Ours row)
    {
        _task = row.Task;
        _a = Numbers.Tensor(row.A, row.Element, row.SizesA).requires_grad_();
        _b = row.B.Length > 0 ? Numbers.Tensor(row.B, row.Element, row.SizesB).requires_grad_() : null;
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Pass();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        double[][] results = [.. Pass().Select(Numbers.Of), Numbers.Of(_a.grad!)];
        return _b is null ? results : [.. results, Numbers.Of(_b.grad!)];
    }

    protected override void Dispose(bool disposing)
    {
        _a.Dispose();
        _b?.Dispose();
        base.Dispose(disposing);
    }

    private Tensor[] Pass()
    {
        _a.grad = null;
        if (_b is not null)
        {
            _b.grad = null;
        }

        Tensor[] values = _task switch
        {
            LinearTask.Solve => [linalg.solve(_a, _b!)],
            LinearTask.Cholesky => [linalg.cholesky(_a)],
            LinearTask.Qr => linalg.qr(_a) is var (q, r) ? [q, r] : [],
            LinearTask.Inverse => [linalg.inv(_a)],
            _ => [linalg.lstsq(_a, _b!).Solution],
        };
        var loss = values[0].sum();
        for (var i = 1; i < values.Length; i++)
        {
            loss = loss + values[i].sum();
        }

        loss.backward();
        return values;
    }
}
