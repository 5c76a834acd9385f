namespace Adjoint.NN;

/// <summary>Layer norm over the last dimensions (<c>torch.nn.LayerNorm</c>); see <c>Tensor.LayerNorm</c>.</summary>
public sealed class LayerNorm : Layer
{
    private readonly int[] _shape;
    private readonly double _eps;

    /// <summary>Makes the layer, with a weight of ones and a bias of zeros.</summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <param name="elementwiseAffine">Whether there is a weight.</param>
    /// <param name="bias">Whether there is a bias beside the weight.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs.</param>
    public LayerNorm(PerAxis normalizedShape, double eps = 1e-5, bool elementwiseAffine = true, bool bias = true, DType dtype = DType.Float32)
    {
        _shape = [.. normalizedShape];
        _eps = eps;
        if (elementwiseAffine)
        {
            Weight = Parameter("weight", Tensor.Ones(_shape, dtype));
            Bias = bias ? Parameter("bias", Tensor.Zeros(_shape, dtype)) : null;
        }
    }

    /// <summary>The factor of each element of a row; null if there is none.</summary>
    public Tensor? Weight { get; }

    /// <summary>What is added to each element of a row; null if there is nothing.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{(PerAxis)_shape}, eps={ModuleText.Of(_eps)}, elementwise_affine={ModuleText.Of(Weight is not null)}";

    /// <summary>The norm with this layer's weight and bias.</summary>
    /// <param name="x">Its last dimensions have the layer's sizes.</param>
    /// <exception cref="ShapeException">They do not.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.LayerNorm(_shape, Weight, Bias, _eps);
    }
}
