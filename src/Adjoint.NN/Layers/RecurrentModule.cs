using System.Globalization;

namespace Adjoint.NN;

/// <summary>What recurrent networks share: the parameters of all layers and directions, and how they follow each other.</summary>
public abstract class RecurrentModule : Module
{
    private readonly List<Weights> _weights = [];
    private readonly Generator? _generator;

    private protected RecurrentModule(
        int gates,
        int inputSize,
        int hiddenSize,
        int numLayers,
        bool bias,
        bool batchFirst,
        double dropout,
        bool bidirectional,
        int projSize,
        DType? dtype,
        Generator? generator)
    {
        if (!(dropout is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(dropout), "dropout should be a number in range [0, 1] representing the probability of an element being zeroed");
        }

        if (hiddenSize <= 0 || numLayers <= 0 || inputSize < 0)
        {
            throw new ArgumentOutOfRangeException(
                hiddenSize <= 0 ? nameof(hiddenSize) : numLayers <= 0 ? nameof(numLayers) : nameof(inputSize),
                hiddenSize <= 0 ? "hidden_size must be greater than zero"
                    : numLayers <= 0 ? "num_layers must be greater than zero" : "input_size must not be negative");
        }

        if (projSize < 0 || projSize >= hiddenSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(projSize),
                projSize < 0 ? "proj_size should be a positive integer or zero to disable projections"
                    : "proj_size has to be smaller than hidden_size");
        }

        if (dropout > 0 && numLayers == 1)
        {
            Autograd.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers greater than 1, but got " +
                $"dropout={dropout} and num_layers={numLayers}"));
        }

        (InputSize, HiddenSize, NumLayers, ProjSize) = (inputSize, hiddenSize, numLayers, projSize);
        (HasBias, BatchFirst, Dropout, Bidirectional) = (bias, batchFirst, dropout, bidirectional);
        _generator = generator;
        var bound = 1 / Math.Sqrt(hiddenSize);
        var seen = projSize > 0 ? projSize : hiddenSize;
        Tensor Drawn(string name, params int[] sizes) => Parametrizable(name, Tensor.Empty(sizes, dtype).Uniform_(-bound, bound, generator));
        for (var slot = 0; slot < numLayers * Directions; slot++)
        {
            var layer = slot / Directions;
            var end = $"_l{layer}{(slot % Directions == 1 ? "_reverse" : string.Empty)}";
            _weights.Add(new(
                Drawn("weight_ih" + end, gates * hiddenSize, layer == 0 ? inputSize : seen * Directions),
                Drawn("weight_hh" + end, gates * hiddenSize, seen),
                bias ? Drawn("bias_ih" + end, gates * hiddenSize) : null,
                bias ? Drawn("bias_hh" + end, gates * hiddenSize) : null,
                projSize > 0 ? Drawn("weight_hr" + end, projSize, hiddenSize) : null));
        }
    }

    /// <summary>The features of inputs.</summary>
    public int InputSize { get; }

    /// <summary>The length of a state, before it is projected.</summary>
    public int HiddenSize { get; }

    /// <summary>How many layers there are.</summary>
    public int NumLayers { get; }

    /// <summary>The length to which states are projected; 0 for none.</summary>
    public int ProjSize { get; }

    /// <summary>Whether there are biases.</summary>
    public bool HasBias { get; }

    /// <summary>Whether inputs have shape [N, T, features], and not [T, N, features].</summary>
    public bool BatchFirst { get; }

    /// <summary>The share of a layer's outputs that become 0 in training, before the next layer.</summary>
    public double Dropout { get; }

    /// <summary>Whether each layer also reads the sequence from its end.</summary>
    public bool Bidirectional { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{InputSize}, {HiddenSize}{(ProjSize > 0 ? $", proj_size={ProjSize}" : string.Empty)}" +
        $"{(NumLayers > 1 ? $", num_layers={NumLayers}" : string.Empty)}{(HasBias ? string.Empty : ", bias=False")}" +
        $"{(BatchFirst ? ", batch_first=True" : string.Empty)}{(Dropout == 0 ? string.Empty : $", dropout={ModuleText.Of(Dropout)}")}" +
        $"{(Bidirectional ? ", bidirectional=True" : string.Empty)}";

    private int Directions => Bidirectional ? 2 : 1;

    /// <summary>One layer in one direction: its outputs of all steps, and for each kind of state that of all steps.</summary>
    private protected abstract (Tensor Output, Tensor[] States) Run(Tensor x, Tensor[] first, Weights weights, bool reverse);

    /// <summary>All layers: the outputs of the last one, and for each kind of state the last one of each layer and direction.</summary>
    /// <param name="x">The sequence.</param>
    /// <param name="given">The states before it, of each kind; null for zeros.</param>
    /// <param name="lengths">How long each kind of state is.</param>
    private protected (Tensor Output, Tensor[] States) RunAll(Tensor x, Tensor[]? given, params int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        var name = GetType().Name;
        if (x.Rank is not (2 or 3))
        {
            throw new ShapeException($"{name}: Expected input to be 2D or 3D, got {x.Rank}D instead");
        }

        var (isBatch, batch) = (x.Rank == 3, BatchFirst ? 0 : 1);
        x = isBatch ? x : x.Unsqueeze(batch);
        if (x.Shape[2] != InputSize)
        {
            throw new ShapeException($"input.size(-1) must be equal to input_size. Expected {InputSize}, got {x.Shape[2]}");
        }

        x = BatchFirst ? x.Transpose(0, 1) : x;
        var states = First(x, given, lengths, isBatch);
        var last = Array.ConvertAll(states, _ => new Tensor[_weights.Count]);
        for (var layer = 0; layer < NumLayers; layer++)
        {
            var outputs = new Tensor[Directions];
            for (var d = 0; d < Directions; d++)
            {
                var slot = (layer * Directions) + d;
                (outputs[d], var all) = Run(x, Array.ConvertAll(states, state => state.Select(0, slot)), CurrentWeights(slot), d == 1);
                for (var kind = 0; kind < all.Length; kind++)
                {
                    last[kind][slot] = all[kind].Select(0, d == 1 ? 0 : -1);
                }
            }

            x = outputs.Length == 1 ? outputs[0] : Tensor.Cat(outputs, -1);
            x = layer < NumLayers - 1 ? x.Dropout(Dropout, Training, _generator) : x;
        }

        x = BatchFirst ? x.Transpose(0, 1) : x;
        var ends = Array.ConvertAll(last, each => Tensor.Stack(each, 0));
        return isBatch ? (x, ends) : (x.Squeeze(batch), Array.ConvertAll(ends, end => end.Squeeze(1)));
    }

    private Weights CurrentWeights(int slot)
    {
        var own = _weights[slot];
        return !HasParametrizations ? own : new(Current(own.Ih), Current(own.Hh), Of(own.BiasIh), Of(own.BiasHh), Of(own.Hr));

        Tensor? Of(Tensor? parameter) => parameter is null ? null : Current(parameter);
    }

    private Tensor[] First(Tensor x, Tensor[]? given, int[] lengths, bool isBatch)
    {
        var states = new Tensor[lengths.Length];
        for (var kind = 0; kind < states.Length; kind++)
        {
            int[] sizes = [_weights.Count, x.Shape[1], lengths[kind]];
            if (given is null)
            {
                states[kind] = Tensor.Zeros(sizes, x.DType);
                continue;
            }

            ArgumentNullException.ThrowIfNull(given[kind], "hx");
            if (given[kind].Rank != (isBatch ? 3 : 2))
            {
                throw new ShapeException(isBatch
                    ? $"For batched 3-D input, hx should also be 3-D but got {given[kind].Rank}-D tensor"
                    : $"For unbatched 2-D input, hx should also be 2-D but got {given[kind].Rank}-D tensor");
            }

            states[kind] = isBatch ? given[kind] : given[kind].Unsqueeze(1);
            if (!states[kind].Shape.AsSpan().SequenceEqual(sizes))
            {
                throw new ShapeException(
                    $"Expected {(kind == 1 ? "hidden[1]" : states.Length == 2 ? "hidden[0]" : "hidden")} size ({string.Join(", ", sizes)}), " +
                    $"got {states[kind].Shape}");
            }
        }

        return states;
    }

    /// <summary>The parameters of one layer in one direction.</summary>
    private protected sealed record Weights(Tensor Ih, Tensor Hh, Tensor? BiasIh, Tensor? BiasHh, Tensor? Hr);
}
