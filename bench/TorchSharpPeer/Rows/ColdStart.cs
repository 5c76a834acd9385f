using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.ColdStart;

namespace TorchSharpPeer.Rows;

/// <summary>The same gradient; the time includes loading the native library.</summary>
public sealed class ColdStart : PeerRow
{
    public ColdStart(Ours row) => ArgumentNullException.ThrowIfNull(row);

    public override void Run() => Gradient();

    public override double[][] Results() => [Gradient()];

    private static double[] Gradient()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 0, 1, 2, 4 }, requires_grad: true);
        var y = 2 * dot(x, x);
        y.backward();
        return Numbers.Of(x.grad!);
    }
}
