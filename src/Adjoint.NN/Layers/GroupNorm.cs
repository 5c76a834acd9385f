namespace Adjoint.NN;

/// <summary>Group norm (<c>torch.nn.GroupNorm</c>); see <c>Tensor.GroupNorm</c>.</summary>
public sealed class GroupNorm : Layer
{
    private readonly int _groups;
    private readonly int _channels;
    private readonly double _eps;

    /// <summary>Makes the layer, with a weight of ones and a bias of zeros.</summary>
    /// <param name="numGroups">The number of groups.</param>
    /// <param name="numChannels">The channels of inputs.</param>
    /// <param name="eps">What keeps the divisor from 0.</param>
    /// <param name="affine">Whether there are a weight and a bias.</param>
    /// <param name="dtype">The dtype of the parameters, and of inputs.</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public GroupNorm(int numGroups, int numChannels, double eps = 1e-5, bool affine = true, DType dtype = DType.Float32)
    {
        if (numGroups <= 0 || numChannels % numGroups != 0)
        {
            throw new ArgumentException("num_channels must be divisible by num_groups", nameof(numGroups));
        }

        (_groups, _channels, _eps) = (numGroups, numChannels, eps);
        if (affine)
        {
            Weight = Parameter("weight", Tensor.Ones([numChannels], dtype));
            Bias = Parameter("bias", Tensor.Zeros([numChannels], dtype));
        }
    }

    /// <summary>The factor of each channel; null if there is none.</summary>
    public Tensor? Weight { get; }

    /// <summary>What is added to each channel; null if there is nothing.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected internal override string Settings =>
        $"{_groups}, {_channels}, eps={ModuleText.Of(_eps)}, affine={ModuleText.Of(Weight is not null)}";

    /// <summary>The norm with this layer's weight and bias.</summary>
    /// <param name="x">Of shape [N, C, ...].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.GroupNorm(_groups, Weight, Bias, _eps);
    }
}
