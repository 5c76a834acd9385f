using Adjoint;
using Adjoint.Bench;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.Layouts;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharpPeer.Rows;

/// <summary>Pointwise operators on views, and casts, their results disposed at once.</summary>
public sealed class Layouts : PeerRow
{
    private readonly Ours _ours;
    private readonly Tensor _x;
    private readonly Tensor _y;
    private readonly Tensor _row;
    private readonly Tensor _column;
    private readonly Tensor _xTransposed;
    private readonly Tensor _yTransposed;

    public Layouts(Ours row)
    {
        _ours = row;
        _x = Numbers.Tensor(row.X, row.Element, Ours.Size, Ours.Size);
        _y = Numbers.Tensor(row.Y, row.Element, Ours.Size, Ours.Size);
        _row = Numbers.Tensor(row.Y[..Ours.Size], row.Element, Ours.Size);
        _column = Numbers.Tensor(row.Y[..Ours.Size], row.Element, Ours.Size, 1);
        _xTransposed = _x.t();
        _yTransposed = _y.t();
    }

    public override void Run()
    {
        var result = Apply();
        if (!ReferenceEquals(result, _x))
        {
            result.Dispose();
        }
    }

    public override double[][] Results()
    {
        using var result = Apply().alias();
        return [Numbers.Of(result)];
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in new[] { _x, _y, _row, _column, _xTransposed, _yTransposed })
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Apply() => _ours.Operation switch
    {
        "row" => _x + _row,
        "column" => _x + _column,
        "transposed" => _x + _yTransposed,
        "copy" => _xTransposed.contiguous(),
        "scalar" => _x + 1.5,
        "in place" => _x.add_(_y),
        _ => _x.to(_ours.Element == DType.Float32 ? float64 : float32),
    };
}
