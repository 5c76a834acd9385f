using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Maps;

namespace TorchSharpPeer.Rows;

/// <summary>The pointwise operators, their results disposed at once.</summary>
public sealed class Maps(Ours row) : PeerRow
{
    private readonly Tensor _x = Numbers.Tensor(row.X, row.Element, row.X.Length);
    private readonly Tensor _y = Numbers.Tensor(row.Y, row.Element, row.Y.Length);

    public override void Run() => Apply().Dispose();

    public override double[][] Results()
    {
        using var result = Apply();
        return [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        _y.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Apply() => row.Operation switch
    {
        "add" => _x + _y,
        "mul" => _x * _y,
        "exp" => _x.exp(),
        "log" => _x.log(),
        "tanh" => _x.tanh(),
        "sigmoid" => _x.sigmoid(),
        "sin" => _x.sin(),
        "pow" => _x.pow(_y),
        _ => nn.functional.gelu(_x),
    };
}
