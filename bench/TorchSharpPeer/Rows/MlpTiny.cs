using Adjoint.Bench;
using Adjoint;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.MlpTiny;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharpPeer.Rows;

/// <summary>The tiny perceptron, one scope for a pass.</summary>
public sealed class MlpTiny : PeerRow
{
    private readonly Tensor _x;
    private readonly Tensor[] _parameters;

    public MlpTiny(Ours row)
    {
        _x = Numbers.Tensor(row.X, DType.Float32, 1, Ours.From);
        _parameters = [.. row.Parameters.Select((values, i) => Numbers.Tensor(values, DType.Float32, Ours.Sizes[i]))];
        foreach (var parameter in _parameters)
        {
            parameter.requires_grad = true;
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
        var value = Numbers.Of(Pass());
        return [value, .. _parameters.Select(parameter => Numbers.Of(parameter.grad!))];
    }

    protected override void Dispose(bool disposing)
    {
        _x.Dispose();
        foreach (var parameter in _parameters)
        {
            parameter.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Pass()
    {
        foreach (var parameter in _parameters)
        {
            parameter.grad = null;
        }

        var hidden = nn.functional.linear(_x, _parameters[0], _parameters[1]).tanh();
        var y = nn.functional.linear(hidden, _parameters[2], _parameters[3]).sum();
        y.backward();
        return y;
    }
}
