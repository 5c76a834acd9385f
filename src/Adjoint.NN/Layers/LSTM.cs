namespace Adjoint.NN;

/// <summary>Long short-term memory of several layers (<c>torch.nn.LSTM</c>); see <c>Tensor.Lstm</c>.</summary>
public sealed class LSTM : RecurrentModule
{
    /// <summary>Makes the network with PyTorch's first values: all uniform in +-1 / sqrt(hiddenSize), drawn in the order of the parameters.</summary>
    /// <param name="inputSize">The features of inputs.</param>
    /// <param name="hiddenSize">The length of a state.</param>
    /// <param name="numLayers">How many layers there are; each reads the outputs of the one before.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether inputs have shape [N, T, features], and not [T, N, features].</param>
    /// <param name="dropout">The share of a layer's outputs that become 0 in training, before the next layer.</param>
    /// <param name="bidirectional">Whether each layer also reads the sequence from its end.</param>
    /// <param name="projSize">The length to which states are projected; 0 for none.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of first values and of dropout; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the share is out of range.</exception>
    public LSTM(
        int inputSize,
        int hiddenSize,
        int numLayers = 1,
        bool bias = true,
        bool batchFirst = false,
        double dropout = 0,
        bool bidirectional = false,
        int projSize = 0,
        DType? dtype = null,
        Generator? generator = null)
        : base(4, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, projSize, dtype, generator)
    {
    }

    /// <summary>The outputs of the last layer for all steps, and the last state and cell of each layer and direction.</summary>
    /// <param name="x">Of shape [T, N, features], or [N, T, features] with batchFirst; without a batch [T, features].</param>
    /// <param name="hx">States and cells before the sequence, of shapes [layers directions, N, state] and
    /// [layers directions, N, hidden]; zeros if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public (Tensor Output, (Tensor H, Tensor C) State) Forward(Tensor x, (Tensor H, Tensor C)? hx = null)
    {
        var (output, states) = RunAll(x, hx is { } given ? [given.H, given.C] : null, ProjSize > 0 ? ProjSize : HiddenSize, HiddenSize);
        return (output, (states[0], states[1]));
    }

    private protected override (Tensor Output, Tensor[] States) Run(Tensor x, Tensor[] first, Weights weights, bool reverse)
    {
        var (states, cells) = x.Lstm(first[0], first[1], weights.Ih, weights.Hh, weights.BiasIh, weights.BiasHh, weights.Hr, reverse);
        return (states, [states, cells]);
    }
}
