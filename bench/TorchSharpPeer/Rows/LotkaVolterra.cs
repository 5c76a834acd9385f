using Adjoint.Bench;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LotkaVolterra;

namespace TorchSharpPeer.Rows;

/// <summary>The same steps in TorchSharp, one scope for all.</summary>
public sealed class LotkaVolterra(Ours row) : PeerRow
{
    private readonly Tensor[] _p = Array.ConvertAll(Ours.Parameters, value => tensor(value, requires_grad: true));

    public override void Run()
    {
        using var scope = NewDisposeScope();
        autograd.grad([Last()], _p);
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var value = Last();
        return [[value.item<double>()], [.. autograd.grad([value], _p).Select(gradient => gradient.item<double>())]];
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in _p)
        {
            tensor.Dispose();
        }

        _ = row;
        base.Dispose(disposing);
    }

    private Tensor Last()
    {
        (Tensor, Tensor) Slope(Tensor x, Tensor y)
        {
            var xy = x * y;
            return ((_p[0] * x) - (_p[1] * xy), (_p[3] * xy) - (_p[2] * y));
        }

        Tensor x = tensor(Ours.Start[0]), y = tensor(Ours.Start[1]);
        for (var i = 0; i < Ours.Steps; i++)
        {
            var (x1, y1) = Slope(x, y);
            var (x2, y2) = Slope(x + (0.5 * Ours.Step * x1), y + (0.5 * Ours.Step * y1));
            var (x3, y3) = Slope(x + (0.5 * Ours.Step * x2), y + (0.5 * Ours.Step * y2));
            var (x4, y4) = Slope(x + (Ours.Step * x3), y + (Ours.Step * y3));
            x = x + (Ours.Step / 6 * (x1 + (2 * x2) + (2 * x3) + x4));
            y = y + (Ours.Step / 6 * (y1 + (2 * y2) + (2 * y3) + y4));
        }

        return x + y;
    }
}
