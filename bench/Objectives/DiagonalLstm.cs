namespace Adjoint.Bench.Objectives;

/// <summary>ADBench's recurrent network whose weight matrices are diagonal: the loss of predicting each character's bits from those before.</summary>
public sealed class DiagonalLstm
{
    private readonly int _layers;
    private readonly int _characters;
    private readonly Tensor[] _state;
    private readonly Tensor[] _sequence;

    /// <summary>A network and what it reads.</summary>
    /// <param name="bits">How many numbers a character is.</param>
    /// <param name="main">[2 layers, 4 bits].</param>
    /// <param name="extra">[3, bits].</param>
    /// <param name="state">[2 layers, bits].</param>
    /// <param name="sequence">[characters, bits].</param>
    public DiagonalLstm(int bits, double[] main, double[] extra, double[] state, double[] sequence)
    {
        (Bits, Main, Extra, State, Sequence) = (bits, main, extra, state, sequence);
        (_layers, _characters) = (state.Length / (2 * bits), sequence.Length / bits);
        _state = [.. Tensor.FromArray(State, 2 * _layers, Bits)];
        _sequence = [.. Tensor.FromArray(Sequence, _characters, Bits)];
    }

    /// <summary>One of ADBench's files.</summary>
    public static DiagonalLstm Read(string file)
    {
        var numbers = AdBench.Numbers(file);
        var (layers, characters, bits) = ((int)numbers.Dequeue(), (int)numbers.Dequeue(), (int)numbers.Dequeue());
        return new DiagonalLstm(
            bits, numbers.Take(2 * layers * 4 * bits), numbers.Take(3 * bits), numbers.Take(2 * layers * bits), numbers.Take(characters * bits));
    }

    public int Layers => _layers;

    public int Characters => _characters;

    public int Bits { get; }

    /// <summary>[2 layers, 4 bits]: weights, then biases of each layer, for the forget, input and output gates and the change.</summary>
    public double[] Main { get; }

    /// <summary>[3, bits]: the input weight, the output weight and the output bias.</summary>
    public double[] Extra { get; }

    /// <summary>[2 layers, bits]: hidden values and memory of each layer.</summary>
    public double[] State { get; }

    /// <summary>[characters, bits].</summary>
    public double[] Sequence { get; }

    /// <summary>The point to differentiate at.</summary>
    public (Tensor Main, Tensor Extra) Start() =>
        (Tensor.FromArray(Main, 2 * _layers, 4 * Bits), Tensor.FromArray(Extra, 3, Bits));

    /// <summary>The mean loss.</summary>
    public Tensor Value((Tensor Main, Tensor Extra) p)
    {
        var weights = new Tensor[_layers, 4];
        var biases = new Tensor[_layers, 4];
        for (var layer = 0; layer < _layers; layer++)
        {
            for (var gate = 0; gate < 4; gate++)
            {
                weights[layer, gate] = p.Main[2 * layer].Narrow(0, gate * Bits, Bits);
                biases[layer, gate] = p.Main[(2 * layer) + 1].Narrow(0, gate * Bits, Bits);
            }
        }

        var (input, output, bias) = (p.Extra[0], p.Extra[1], p.Extra[2]);
        var state = (Tensor[])_state.Clone();
        var losses = new Tensor[_characters - 1];
        for (var t = 0; t < losses.Length; t++)
        {
            var x = _sequence[t] * input;
            for (var layer = 0; layer < _layers; layer++)
            {
                var (hidden, memory) = (state[2 * layer], state[(2 * layer) + 1]);
                var forget = ((x * weights[layer, 0]) + biases[layer, 0]).Sigmoid();
                var enter = ((hidden * weights[layer, 1]) + biases[layer, 1]).Sigmoid();
                var leave = ((x * weights[layer, 2]) + biases[layer, 2]).Sigmoid();
                var change = ((hidden * weights[layer, 3]) + biases[layer, 3]).Tanh();
                memory = (memory * forget) + (enter * change);
                x = leave * memory.Tanh();
                (state[2 * layer], state[(2 * layer) + 1]) = (x, memory);
            }

            var y = (x * output) + bias;
            losses[t] = Tensor.Dot(_sequence[t + 1], y - (2 + y.Exp().Sum()).Log());
        }

        return -Tensor.Stack(losses).Sum() / (Bits * (_characters - 1.0));
    }
}
