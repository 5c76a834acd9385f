namespace Adjoint.NN;

/// <summary>One step of long short-term memory (<c>torch.nn.LSTMCell</c>); see <c>Tensor.Lstm</c>.</summary>
public sealed class LSTMCell : RecurrentCell
{
    /// <summary>Makes the cell with PyTorch's first values: all uniform in +-1 / sqrt(hiddenSize), drawn in the order of the parameters.</summary>
    /// <param name="inputSize">The features of inputs.</param>
    /// <param name="hiddenSize">The length of a state.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public LSTMCell(int inputSize, int hiddenSize, bool bias = true, DType? dtype = null, Generator? generator = null)
        : base(4, inputSize, hiddenSize, bias, dtype, generator)
    {
    }

    /// <summary>State and cell after a step.</summary>
    /// <param name="x">Of shape [N, features] or [features].</param>
    /// <param name="hx">State and cell before, of shape [N, hidden] or [hidden]; zeros if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public (Tensor H, Tensor C) Forward(Tensor x, (Tensor H, Tensor C)? hx = null)
    {
        var sequence = Sequence(x);
        var (states, cells) = sequence.Lstm(State(x, hx?.H), State(x, hx?.C), WeightIh, WeightHh, BiasIh, BiasHh);
        return (After(x, states), After(x, cells));
    }
}
