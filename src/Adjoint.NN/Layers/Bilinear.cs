namespace Adjoint.NN;

/// <summary>A form that is linear in each of two inputs, y = x1^T A x2 + b (<c>torch.nn.Bilinear</c>); see <c>Tensor.Bilinear</c>.</summary>
public sealed class Bilinear : Module
{
    private readonly Tensor _weight;

    /// <summary>Makes the layer with PyTorch's first values: weight and bias uniform in +-1 / sqrt(in1Features), drawn in that order.</summary>
    /// <param name="in1Features">The length of the first input.</param>
    /// <param name="in2Features">The length of the second input.</param>
    /// <param name="outFeatures">The length of outputs.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
    /// <param name="generator">The source of the first values; <see cref="Generator.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first length is not positive, or another one negative.</exception>
    public Bilinear(int in1Features, int in2Features, int outFeatures, bool bias = true, DType? dtype = null, Generator? generator = null)
    {
        Limits.ThrowIfNegative(in2Features);
        Limits.ThrowIfNegative(outFeatures);
        if (in1Features <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(in1Features), $"in1_features must be > 0, but got {in1Features}");
        }

        var bound = 1 / Math.Sqrt(in1Features);
        _weight = Parametrizable("weight", Tensor.Empty([outFeatures, in1Features, in2Features], dtype).Uniform_(-bound, bound, generator));
        Bias = bias ? Parameter("bias", Tensor.Empty([outFeatures], dtype).Uniform_(-bound, bound, generator)) : null;
    }

    /// <summary>The weight, of shape [out, in1, in2].</summary>
    public Tensor Weight => Current(_weight);

    /// <summary>The bias, of shape [out]; null if there is none.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"in1_features={_weight.Shape[1]}, in2_features={_weight.Shape[2]}, out_features={_weight.Shape[0]}, " +
        $"bias={ModuleText.Of(Bias is not null)}";

    /// <summary>The form of both inputs.</summary>
    /// <param name="x1">Of shape [..., in1].</param>
    /// <param name="x2">Of shape [..., in2], with the same sizes in front.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor x1, Tensor x2)
    {
        ArgumentNullException.ThrowIfNull(x1);
        return x1.Bilinear(x2, Weight, Bias);
    }
}
