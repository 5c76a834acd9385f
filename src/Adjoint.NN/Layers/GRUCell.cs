namespace Adjoint.NN;

/// <summary>One step of gated recurrent units (<c>torch.nn.GRUCell</c>); see <c>Tensor.Gru</c>.</summary>
public sealed class GRUCell : RecurrentCell
{
    /// <summary>Makes the cell with PyTorch's first values: all uniform in +-1 / sqrt(hiddenSize), drawn in the order of the parameters.</summary>
    /// <param name="inputSize">The features of inputs.</param>
    /// <param name="hiddenSize">The length of a state.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public GRUCell(int inputSize, int hiddenSize, bool bias = true, DType? dtype = null, Generator? generator = null)
        : base(3, inputSize, hiddenSize, bias, dtype, generator)
    {
    }

    /// <summary>The state after a step.</summary>
    /// <param name="x">Of shape [N, features] or [features].</param>
    /// <param name="hx">The state before, of shape [N, hidden] or [hidden]; zeros if null.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x, Tensor? hx = null)
    {
        var sequence = Sequence(x);
        return After(x, sequence.Gru(State(x, hx), WeightIh, WeightHh, BiasIh, BiasHh));
    }
}
