namespace Adjoint.NN;

/// <summary>Larger images by repeated pixels as a layer (<c>torch.nn.UpsamplingNearest2d</c>).</summary>
public sealed class UpsamplingNearest2d : Upsample
{
    /// <summary>Makes the layer for a size.</summary>
    /// <param name="size">The size of the result; one number is the same for both axes.</param>
    public UpsamplingNearest2d(PerAxis size)
        : base(size)
    {
    }

    /// <summary>Makes the layer for factors.</summary>
    /// <param name="scaleFactor">How much larger the result is, for each axis or for both.</param>
    public UpsamplingNearest2d(params double[] scaleFactor)
        : base(scaleFactor)
    {
    }
}
