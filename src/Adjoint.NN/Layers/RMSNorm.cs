namespace Adjoint.NN;

/// <summary>RMS norm over the last dimensions (<c>torch.nn.RMSNorm</c>); see <c>Tensor.RmsNorm</c>.</summary>
public sealed class RMSNorm : Layer
{
    private readonly int[] _shape;
    private readonly double? _eps;

    /// <summary>Makes the layer, with a weight of ones.</summary>
    /// <param name="normalizedShape">The sizes of the last dimensions.</param>
    /// <param name="eps">What keeps the divisor from 0; the dtype's machine epsilon if null.</param>
    /// <param name="elementwiseAffine">Whether there is a weight.</param>
    /// <param name="dtype">The dtype of the weight, and of inputs.</param>
    public RMSNorm(PerAxis normalizedShape, double? eps = null, bool elementwiseAffine = true, DType dtype = DType.Float32)
    {
        _shape = [.. normalizedShape];
        _eps = eps;
        Weight = elementwiseAffine ? Parameter("weight", Tensor.Ones(_shape, dtype)) : null;
    }

    /// <summary>The factor of each element of a row; null if there is none.</summary>
    public Tensor? Weight { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{(PerAxis)_shape}, eps={(_eps is { } eps ? ModuleText.Of(eps) : "None")}, elementwise_affine={ModuleText.Of(Weight is not null)}";

    /// <summary>The norm with this layer's weight.</summary>
    /// <param name="x">Its last dimensions have the layer's sizes.</param>
    /// <exception cref="ShapeException">They do not.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.RmsNorm(_shape, Weight, _eps);
    }
}
