using Adjoint.Bench;
using Adjoint.Bench.Objectives;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.GmmGradient;

namespace TorchSharpPeer.Rows;

/// <summary>The same formula with the same matrix product in TorchSharp.</summary>
public sealed class GmmGradient : PeerRow
{
    private readonly Gmm _data;
    private readonly Tensor _alphas;
    private readonly Tensor _means;
    private readonly Tensor _factors;
    private readonly Tensor _x;
    private readonly Tensor _places;
    private readonly int _n;

    public GmmGradient(Ours row)
    {
        _data = row.Objective;
        _n = _data.Points.Length / _data.D;
        _alphas = tensor(_data.Alphas, requires_grad: true);
        _means = tensor(_data.Means, [_data.K, _data.D], requires_grad: true);
        _factors = tensor(_data.Factors, [_data.K, _data.Factors.Length / _data.K], requires_grad: true);
        _x = tensor(_data.Points, [_n, _data.D]);
        _places = tensor(Array.ConvertAll(_data.Places(), place => (long)place));
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        autograd.grad([Value()], [_alphas, _means, _factors]);
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var value = Value();
        var gradients = autograd.grad([value], [_alphas, _means, _factors]);
        return AdBench.Checksums(value.item<double>(), [.. gradients.SelectMany(Numbers.Of)]);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in new[] { _alphas, _means, _factors, _x, _places })
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Value()
    {
        var (d, k) = (_data.D, _data.K);
        var logs = _factors.narrow(1, 0, d);
        var sums = logs.sum(1);
        var diagonal = logs.exp();
        var lower = _factors.narrow(1, d, _factors.shape[1] - d);
        var q = cat([diagonal, lower, zeros([k, 1], float64)], 1).index_select(1, _places).reshape(k, d, d);
        var shift = q.bmm(_means.unsqueeze(2)).reshape(k * d);
        var distances = (_x.matmul(q.reshape(k * d, d).t()) - shift).square().reshape(_n, k, d).sum(2);
        var likelihood = (_alphas + sums - (0.5 * distances)).logsumexp(1).sum() - (_n * _alphas.logsumexp(0));

        // The shared data have gamma = 1 and m = 0.
        var prior = 0.5 * (diagonal.square().sum() + lower.square().sum());
        return likelihood + prior + _data.Constant(_n);
    }
}
