namespace Adjoint.NN;

/// <summary>Elman's recurrent network of several layers (<c>torch.nn.RNN</c>); see <c>Tensor.Rnn</c>.</summary>
public sealed class RNN : RecurrentModule
{
    private readonly bool _relu;

    /// <summary>Makes the network with PyTorch's first values: all uniform in +-1 / sqrt(hiddenSize), drawn in the order of the parameters.</summary>
    /// <param name="inputSize">The features of inputs.</param>
    /// <param name="hiddenSize">The length of a state.</param>
    /// <param name="numLayers">How many layers there are; each reads the outputs of the one before.</param>
    /// <param name="nonlinearity">"tanh" or "relu".</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, T, features], and not [T, N, features].</param>
    /// <param name="dropout">The share of a layer's outputs that become 0 in training, before the next layer.</param>
    /// <param name="bidirectional">Whether each layer also reads the sequence from its end.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of first values and of dropout; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the share is out of range.</exception>
    /// <exception cref="ArgumentException">The nonlinearity is neither.</exception>
    public RNN(
        int inputSize,
        int hiddenSize,
        int numLayers = 1,
        string nonlinearity = "tanh",
        bool bias = true,
        bool batchFirst = false,
        double dropout = 0,
        bool bidirectional = false,
        DType? dtype = null,
        Generator? generator = null)
        : base(1, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, 0, dtype, generator) =>
        _relu = IsRelu(nonlinearity);

    /// <summary>The outputs of the last layer for all steps, and the last state of each layer and direction.</summary>
    /// <param name="x">Of shape [T, N, features], or [N, T, features] with batchFirst; without a batch [T, features].</param>
    /// <param name="hx">The states before the sequence, of shape [layers directions, N, hidden]; zeros if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public (Tensor Output, Tensor State) Forward(Tensor x, Tensor? hx = null)
    {
        var (output, states) = RunAll(x, hx is null ? null : [hx], HiddenSize);
        return (output, states[0]);
    }

    /// <summary>Whether a name is the rectifier's.</summary>
    internal static bool IsRelu(string nonlinearity) => nonlinearity is "tanh" or "relu"
        ? nonlinearity == "relu"
        : throw new ArgumentException($"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.", nameof(nonlinearity));

    private protected override (Tensor Output, Tensor[] States) Run(Tensor x, Tensor[] first, Weights weights, bool reverse)
    {
        var states = x.Rnn(first[0], weights.Ih, weights.Hh, weights.BiasIh, weights.BiasHh, _relu, reverse);
        return (states, [states]);
    }
}
