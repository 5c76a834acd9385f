using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.ConvResnetBlock;

namespace TorchSharpPeer.Rows;

/// <summary>The residual block with <c>functional.conv2d</c>.</summary>
public sealed class ConvResnetBlock : PeerRow
{
    private readonly Tensor _x;
    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly Tensor _seed;

    public ConvResnetBlock(Ours row)
    {
        _x = Numbers.Tensor(row.X, row.Element, Ours.Batch, Ours.Channels, Ours.Size, Ours.Size);
        _first = Numbers.Tensor(row.First, row.Element, Ours.Channels, Ours.Channels, 3, 3);
        _second = Numbers.Tensor(row.Second, row.Element, Ours.Channels, Ours.Channels, 3, 3);
        _seed = Numbers.Tensor(row.Seed, row.Element, Ours.Batch, Ours.Channels, Ours.Size, Ours.Size);
        foreach (var leaf in new[] { _x, _first, _second })
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
        return [Numbers.Of(Pass()), Numbers.Of(_x.grad!), Numbers.Of(_first.grad!), Numbers.Of(_second.grad!)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _first.Dispose();
        _second.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        _x.grad = null;
        _first.grad = null;
        _second.grad = null;
        var y = (nn.functional.conv2d(nn.functional.conv2d(_x, _first, padding: [1, 1]).relu(), _second, padding: [1, 1]) + _x).relu();
        y.backward([_seed]);
        return y;
    }
}
