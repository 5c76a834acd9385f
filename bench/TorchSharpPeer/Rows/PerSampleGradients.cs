using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Mlp = Adjoint.Bench.Rows.MlpAdam;
using Ours = Adjoint.Bench.Rows.PerSampleGradients;

namespace TorchSharpPeer.Rows;

/// <summary>TorchSharp has no vmap: one backward pass for each sample, its gradients copied into their places.</summary>
public sealed class PerSampleGradients : PeerRow
{
    private readonly Tensor _x;
    private readonly Tensor _labels;
    private readonly Sequential _net;
    private readonly Parameter[] _parameters;

    public PerSampleGradients(Ours row)
    {
        _x = tensor(row.Data.X, [Mlp.Batch, Mlp.Inputs]);
        _labels = tensor(row.Data.Labels);
        _net = nn.Sequential(
            nn.Linear(Mlp.Inputs, Mlp.Hidden), nn.ReLU(), nn.Linear(Mlp.Hidden, Mlp.Classes));
        _parameters = [.. _net.parameters()];
        using (no_grad())
        {
            foreach (var (parameter, values) in _parameters.Zip(row.Data.Parameters))
            {
                using var start = tensor(values, parameter.shape);
                parameter.copy_(start);
            }
        }
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Gradients();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        return Array.ConvertAll(Gradients(), Numbers.Of);
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _labels.Dispose();
        _net.Dispose();
        base.Dispose(disposing);
    }

    private Tensor[] Gradients()
    {
        var all = Array.ConvertAll(_parameters, parameter => empty([Mlp.Batch, .. parameter.shape]));
        for (var i = 0; i < Mlp.Batch; i++)
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.cross_entropy(_net.forward(_x.narrow(0, i, 1)), _labels.narrow(0, i, 1));
            var gradients = autograd.grad([loss], _parameters);
            for (var p = 0; p < all.Length; p++)
            {
                all[p][i].copy_(gradients[p]);
            }
        }

        return all;
    }
}
