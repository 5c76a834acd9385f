namespace Adjoint.NN;

/// <summary>The rectifier with slopes that are learned (<c>torch.nn.PReLU</c>); see <c>Tensor.Prelu</c>.</summary>
public sealed class PReLU : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="numParameters">One slope for all, or one for each channel, which is dimension 1.</param>
    /// <param name="init">The first value of all slopes.</param>
    /// <param name="dtype">The dtype of the slopes, and of inputs; float32 if null.</param>
    public PReLU(int numParameters = 1, double init = 0.25, DType? dtype = null) =>
        Weight = Parameter("weight", Tensor.Full([numParameters], init, dtype ?? DType.Float32));

    /// <summary>The slopes.</summary>
    public Tensor Weight { get; }

    /// <inheritdoc/>
    protected internal override string Settings => $"num_parameters={Weight.Shape[0]}";

    /// <summary>x where it is positive, and x times its channel's slope elsewhere.</summary>
    /// <param name="x">Of any shape; with several slopes, as many channels in dimension 1.</param>
    /// <exception cref="ShapeException">There is another number of channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Prelu(Weight);
    }
}
