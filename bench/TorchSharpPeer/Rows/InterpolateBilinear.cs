using Adjoint.Bench;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.InterpolateBilinear;

namespace TorchSharpPeer.Rows;

/// <summary>The interpolation with <c>functional.interpolate</c>.</summary>
public sealed class InterpolateBilinear : PeerRow
{
    private static readonly double[] Twice = [2, 2];

    private readonly Ours _row;
    private readonly Tensor _x;
    private readonly Tensor _seed;

    public InterpolateBilinear(Ours row)
    {
        _row = row;
        _x = Numbers.Tensor(row.X, row.Element, Ours.Batch, Ours.Channels, Ours.Size, Ours.Size);
        _seed = Numbers.Tensor(row.Seed, row.Element, Ours.Batch, Ours.Channels, 2 * Ours.Size, 2 * Ours.Size);
        _x.requires_grad = row.WithGradient;
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        Pass();
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var value = Numbers.Of(Pass());
        return _row.WithGradient ? [value, Numbers.Of(_x.grad!)] : [value];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _seed.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        var y = nn.functional.interpolate(_x, null, Twice, InterpolationMode.Bilinear, align_corners: false);
        if (_row.WithGradient)
        {
            _x.grad = null;
            y.backward([_seed]);
        }

        return y;
    }
}
