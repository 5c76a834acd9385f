namespace Adjoint.NN;

/// <summary>Images in another size as a layer (<c>torch.nn.Upsample</c>); see <c>Tensor.Interpolate</c>.</summary>
public class Upsample : Layer
{
    private readonly PerAxis _size;
    private readonly double[]? _scaleFactor;
    private readonly InterpolateMode _mode;
    private readonly bool? _alignCorners;
    private readonly bool? _recomputeScaleFactor;

    /// <summary>Makes the layer for a size.</summary>
    /// <param name="size">The size of the result; one number is the same for all axes.</param>
    /// <param name="mode">How new elements are found.</param>
    /// <param name="alignCorners">Whether the corner elements lie on each other, and not the corners of the images.</param>
    public Upsample(PerAxis size, InterpolateMode mode = InterpolateMode.Nearest, bool? alignCorners = null) =>
        (_size, _mode, _alignCorners) = (size, mode, alignCorners);

    /// <summary>Makes the layer for factors.</summary>
    /// <param name="scaleFactor">How much larger the result is, for each axis or for all.</param>
    /// <param name="mode">How new elements are found.</param>
    /// <param name="alignCorners">Whether the corner elements lie on each other, and not the corners of the images.</param>
    /// <param name="recomputeScaleFactor">Whether the factor is found anew from the sizes, which are whole.</param>
    public Upsample(
        double[] scaleFactor, InterpolateMode mode = InterpolateMode.Nearest, bool? alignCorners = null, bool? recomputeScaleFactor = null)
    {
        ArgumentNullException.ThrowIfNull(scaleFactor);
        (_scaleFactor, _mode, _alignCorners, _recomputeScaleFactor) = ([.. scaleFactor], mode, alignCorners, recomputeScaleFactor);
    }

    /// <inheritdoc/>
    protected internal override string Settings
    {
        get
        {
            var mode = _mode == InterpolateMode.NearestExact ? "nearest-exact" : $"{_mode}".ToLowerInvariant();
            return _scaleFactor is not { } factors
                ? $"size={(_size.Count == 1 ? $"{_size[0]}" : $"{_size}")}, mode={mode}"
                : factors.Length == 1
                    ? $"scale_factor={ModuleText.Of(factors[0])}, mode={mode}"
                    : $"scale_factor=({string.Join(", ", factors.Select(ModuleText.Of))}), mode={mode}";
        }
    }

    /// <summary>The image in its new size.</summary>
    /// <param name="x">Of shape [N, C, ...], with one, two or three axes as the mode has.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Interpolate(_size, _scaleFactor, _mode, _alignCorners, _recomputeScaleFactor);
    }
}
