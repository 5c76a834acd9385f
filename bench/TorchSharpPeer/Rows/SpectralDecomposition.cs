using Adjoint.Bench;
using Adjoint.Bench.Rows;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.SpectralDecomposition;

namespace TorchSharpPeer.Rows;

/// <summary>The same with <c>torch.linalg</c>.</summary>
public sealed class SpectralDecomposition : PeerRow
{
    private readonly SpectralTask _task;
    private readonly Tensor _a;
    private readonly Tensor _weights;

    public SpectralDecomposition(Ours row)
    {
        _task = row.Task;
        _a = Numbers.Tensor(row.A, row.Element, row.Sizes).requires_grad_();
        _weights = Numbers.Tensor(row.Weights, row.Element, row.Sizes[1..]);
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Pass();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        return [Numbers.Of(Pass()), Numbers.Of(_a.grad!)];
    }

    protected override void Dispose(bool disposing)
    {
        _a.Dispose();
        _weights.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        _a.grad = null;
        Tensor values, vectors;
        if (_task == SpectralTask.Eigh)
        {
            (values, vectors) = linalg.eigh(_a);
        }
        else
        {
            (vectors, values, _) = linalg.svd(_a, fullMatrices: false);
        }

        ((vectors.square() * _weights).sum() + values.square().sum()).backward();
        return values;
    }
}
