namespace Adjoint.Kernels;

/// <summary>Some positions of a result on each axis: those that one part of the work makes from planes that stay in the cache.</summary>
/// <param name="Depth">The first depth.</param>
/// <param name="Height">The first row.</param>
/// <param name="Width">The first column.</param>
internal readonly record struct ConvolutionBand(int Depth, int Height, int Width)
{
    // Planes of one band and the weights should stay in the second-level cache.
    private const double Bytes = 512 << 10;

    /// <summary>The axis that bands cut: the outermost one that has more than one position.</summary>
    public static int Axis(int[] counts) => counts[0] > 1 ? 0 : counts[1] > 1 ? 1 : 2;

    /// <summary>The most positions of a band on each axis.</summary>
    /// <param name="counts">All positions on each axis.</param>
    /// <param name="reach">How much further taps read on each axis.</param>
    /// <param name="bytes">Bytes of the whole image.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="parts">How many bands of all images there should be at least.</param>
    public static int[] Size(int[] counts, int[] reach, double bytes, double images, int parts)
    {
        var axis = Axis(counts);
        var bands = Math.Max(Math.Ceiling(bytes / Bytes), Math.Ceiling(parts / images));

        // What bands read twice should be less than what they make.
        var size = Math.Max((int)Math.Ceiling(counts[axis] / bands), 2 * reach[axis]);
        var sizes = counts.ToArray();
        sizes[axis] = Math.Clamp(size, 1, counts[axis]);
        return sizes;
    }

    /// <summary>A band by its number.</summary>
    /// <param name="index">The number.</param>
    /// <param name="size">The most positions on each axis.</param>
    /// <param name="counts">All positions on each axis.</param>
    /// <param name="length">The positions of this band on each axis.</param>
    public static ConvolutionBand At(int index, int[] size, int[] counts, Span<int> length)
    {
        var axis = Axis(counts);
        counts.CopyTo(length);
        var first = index * size[axis];
        length[axis] = Math.Min(size[axis], counts[axis] - first);
        return new(axis == 0 ? first : 0, axis == 1 ? first : 0, axis == 2 ? first : 0);
    }
}
