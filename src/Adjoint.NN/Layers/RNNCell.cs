namespace Adjoint.NN;

/// <summary>One step of Elman's recurrent network (<c>torch.nn.RNNCell</c>); see <c>Tensor.Rnn</c>.</summary>
public sealed class RNNCell : RecurrentCell
{
    private readonly bool _relu;

    /// <summary>Makes the cell with PyTorch's first values: all uniform in +-1 / sqrt(hiddenSize), drawn in the order of the parameters.</summary>
    /// <param name="inputSize">The features of inputs.</param>
    /// <param name="hiddenSize">The length of a state.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="nonlinearity">"tanh" or "relu".</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The nonlinearity is neither.</exception>
    public RNNCell(int inputSize, int hiddenSize, bool bias = true, string nonlinearity = "tanh", DType? dtype = null, Generator? generator = null)
        : base(1, inputSize, hiddenSize, bias, dtype, generator) =>
        _relu = RNN.IsRelu(nonlinearity);

    /// <inheritdoc/>
    protected internal override string Settings => _relu ? base.Settings + ", nonlinearity=relu" : base.Settings;

    /// <summary>The state after a step.</summary>
    /// <param name="x">Of shape [N, features] or [features].</param>
    /// <param name="hx">The state before, of shape [N, hidden] or [hidden]; zeros if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? hx = null)
    {
        var sequence = Sequence(x);
        return After(x, sequence.Rnn(State(x, hx), WeightIh, WeightHh, BiasIh, BiasHh, _relu));
    }
}
