namespace Adjoint.NN;

/// <summary>What recurrent cells share: their parameters, and what they ask of inputs and states.</summary>
public abstract class RecurrentCell : Module
{
    private readonly Tensor _weightIh;
    private readonly Tensor _weightHh;
    private readonly Tensor? _biasIh;
    private readonly Tensor? _biasHh;

    private protected RecurrentCell(int gates, int inputSize, int hiddenSize, bool bias, DType? dtype, Generator? generator)
    {
        Limits.ThrowIfNegative(inputSize);
        if (hiddenSize <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(hiddenSize), "hidden_size must be greater than zero");
        }

        (InputSize, HiddenSize) = (inputSize, hiddenSize);
        var bound = 1 / Math.Sqrt(hiddenSize);
        Tensor Drawn(string name, params int[] sizes) => Parametrizable(name, Tensor.Empty(sizes, dtype).Uniform_(-bound, bound, generator));
        _weightIh = Drawn("weight_ih", gates * hiddenSize, inputSize);
        _weightHh = Drawn("weight_hh", gates * hiddenSize, hiddenSize);
        _biasIh = bias ? Drawn("bias_ih", gates * hiddenSize) : null;
        _biasHh = bias ? Drawn("bias_hh", gates * hiddenSize) : null;
    }

    /// <summary>The features of inputs.</summary>
    public int InputSize { get; }

    /// <summary>The length of a state.</summary>
    public int HiddenSize { get; }

    /// <summary>The weight of inputs, of shape [gates hidden, features].</summary>
    public Tensor WeightIh => Current(_weightIh);

    /// <summary>The weight of states, of shape [gates hidden, hidden].</summary>
    public Tensor WeightHh => Current(_weightHh);

    /// <summary>The bias of inputs; null if there is none.</summary>
    public Tensor? BiasIh => _biasIh is null ? null : Current(_biasIh);

    /// <summary>The bias of states; null if there is none.</summary>
    public Tensor? BiasHh => _biasHh is null ? null : Current(_biasHh);

    /// <inheritdoc/>
    protected internal override string Settings => $"{InputSize}, {HiddenSize}{(_biasIh is null ? ", bias=False" : string.Empty)}";

    /// <summary>An input as a sequence of one step, [1, N, features].</summary>
    private protected Tensor Sequence(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Rank switch
        {
            2 => x.Unsqueeze(0),
            1 => x.Unsqueeze(0).Unsqueeze(0),
            _ => throw new ShapeException($"{GetType().Name}: Expected input to be 1D or 2D, got {x.Rank}D instead"),
        };
    }

    /// <summary>A state as [N, hidden]; zeros if there is none.</summary>
    private protected Tensor State(Tensor x, Tensor? given)
    {
        if (given is null)
        {
            return Tensor.Zeros([x.Rank == 1 ? 1 : x.Shape[0], HiddenSize], x.DType);
        }

        return given.Rank != x.Rank
            ? throw new ShapeException($"{GetType().Name}: Expected hidden to be {x.Rank}D, as the input is, got {given.Rank}D instead")
            : x.Rank == 1 ? given.Unsqueeze(0) : given;
    }

    /// <summary>The state after the step, in the input's form.</summary>
    private protected static Tensor After(Tensor x, Tensor states) => x.Rank == 1 ? states.Squeeze(0).Squeeze(0) : states.Squeeze(0);
}
