namespace Adjoint.NN;

/// <summary>Larger images by mixed pixels as a layer, corner pixels on corner pixels (<c>torch.nn.UpsamplingBilinear2d</c>).</summary>
public sealed class UpsamplingBilinear2d : Upsample
{
    /// <summary>Makes the layer for a size.</summary>
    /// <param name="size">The size of the result; one number is the same for both axes.</param>
    public UpsamplingBilinear2d(PerAxis size)
        : base(size, InterpolateMode.Bilinear, alignCorners: true)
    {
    }

    /// <summary>Makes the layer for factors.</summary>
    /// <param name="scaleFactor">How much larger the result is, for each axis or for both.</param>
    public UpsamplingBilinear2d(params double[] scaleFactor)
        : base(scaleFactor, InterpolateMode.Bilinear, alignCorners: true)
    {
    }
}
