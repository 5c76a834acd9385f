using Adjoint.Bench;
using Adjoint.Bench.Objectives;
using TorchSharp;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LstmGradient;

namespace TorchSharpPeer.Rows;

/// <summary>The same operators in TorchSharp, one scope for all.</summary>
public sealed class LstmGradient : PeerRow
{
    private readonly DiagonalLstm _data;
    private readonly Tensor _main;
    private readonly Tensor _extra;
    private readonly Tensor[] _state;
    private readonly Tensor[] _sequence;

    public LstmGradient(Ours row)
    {
        _data = row.Objective;
        _main = tensor(_data.Main, [2 * _data.Layers, 4 * _data.Bits], requires_grad: true);
        _extra = tensor(_data.Extra, [3, _data.Bits], requires_grad: true);
        _state = tensor(_data.State, [2 * _data.Layers, _data.Bits]).unbind(0);
        _sequence = tensor(_data.Sequence, [_data.Characters, _data.Bits]).unbind(0);
    }

    public override void Run()
    {
        using var scope = NewDisposeScope();
        autograd.grad([Value()], [_main, _extra]);
    }

    public override double[][] Results()
    {
        using var scope = NewDisposeScope();
        var value = Value();
        var gradients = autograd.grad([value], [_main, _extra]);
        return AdBench.Checksums(value.item<double>(), [.. gradients.SelectMany(Numbers.Of)]);
    }

    protected override void Dispose(bool disposing)
    {
        _main.Dispose();
        _extra.Dispose();
        base.Dispose(disposing);
    }

    private Tensor Value()
    {
        var (layers, bits) = (_data.Layers, _data.Bits);
        var weights = new Tensor[layers, 4];
        var biases = new Tensor[layers, 4];
        for (var layer = 0; layer < layers; layer++)
        {
            for (var gate = 0; gate < 4; gate++)
            {
                weights[layer, gate] = _main[2 * layer].narrow(0, gate * bits, bits);
                biases[layer, gate] = _main[(2 * layer) + 1].narrow(0, gate * bits, bits);
            }
        }

        var (input, output, bias) = (_extra[0], _extra[1], _extra[2]);
        var state = (Tensor[])_state.Clone();
        var losses = new Tensor[_data.Characters - 1];
        for (var t = 0; t < losses.Length; t++)
        {
            var x = _sequence[t] * input;
            for (var layer = 0; layer < layers; layer++)
            {
                var (hidden, memory) = (state[2 * layer], state[(2 * layer) + 1]);
                var forget = ((x * weights[layer, 0]) + biases[layer, 0]).sigmoid();
                var enter = ((hidden * weights[layer, 1]) + biases[layer, 1]).sigmoid();
                var leave = ((x * weights[layer, 2]) + biases[layer, 2]).sigmoid();
                var change = ((hidden * weights[layer, 3]) + biases[layer, 3]).tanh();
                memory = (memory * forget) + (enter * change);
                x = leave * memory.tanh();
                (state[2 * layer], state[(2 * layer) + 1]) = (x, memory);
            }

            var y = (x * output) + bias;
            losses[t] = _sequence[t + 1].dot(y - (2 + y.exp().sum()).log());
        }

        return -stack(losses).sum() / (bits * (_data.Characters - 1.0));
    }
}
