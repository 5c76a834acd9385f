using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.ConvLeNet;

namespace TorchSharpPeer.Rows;

/// <summary>The convolution with <c>functional.conv2d</c>.</summary>
public sealed class ConvLeNet : PeerRow
{
    private readonly Tensor _x;
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _seed;

    public ConvLeNet(Ours row)
    {
        _x = Numbers.Tensor(row.X, row.Element, Ours.Batch, Ours.Channels, Ours.Size, Ours.Size);
        _weight = Numbers.Tensor(row.Weight, row.Element, Ours.Filters, Ours.Channels, Ours.Kernel, Ours.Kernel);
        _bias = Numbers.Tensor(row.Bias, row.Element, Ours.Filters);
        _seed = Numbers.Tensor(row.Seed, row.Element, Ours.Batch, Ours.Filters, Ours.OutSize, Ours.OutSize);
        foreach (var leaf in new[] { _x, _weight, _bias })
        {
            leaf.requires_grad = true;
        }
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Pass();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        return [Numbers.Of(Pass()), Numbers.Of(_x.grad!), Numbers.Of(_weight.grad!), Numbers.Of(_bias.grad!)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _weight.Dispose();
        _bias.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        _x.grad = null;
        _weight.grad = null;
        _bias.grad = null;
        var y = nn.functional.conv2d(_x, _weight, _bias);
        y.backward([_seed]);
        return y;
    }
}
