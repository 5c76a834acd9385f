namespace Adjoint.Kernels;

/// <summary>
/// The sizes of a convolution over three axes (depth, height, width); fewer axes have leading ones of size 1. Output o takes input o * stride -
/// padding + tap * dilation on each axis.
/// </summary>
internal sealed class ConvolutionGeometry
{
    public const int Axes = 3;

    public required int Batch { get; init; }

    public required int Groups { get; init; }

    /// <summary>Channels of x in one group.</summary>
    public required int Inputs { get; init; }

    /// <summary>Channels of y in one group.</summary>
    public required int Outputs { get; init; }

    public required int[] In { get; init; }

    public required int[] Out { get; init; }

    public required int[] Kernel { get; init; }

    public required int[] Stride { get; init; }

    public required int[] Padding { get; init; }

    public required int[] Dilation { get; init; }

    /// <summary>Positions of the kernel.</summary>
    public int Taps => Kernel[0] * Kernel[1] * Kernel[2];

    /// <summary>Elements of one channel of x.</summary>
    public nint InPlane => (nint)In[0] * In[1] * In[2];

    /// <summary>Elements of one channel of y.</summary>
    public nint OutPlane => (nint)Out[0] * Out[1] * Out[2];

    /// <summary>Multiply-adds of the whole convolution.</summary>
    public double Work => (double)Batch * Groups * Inputs * Outputs * Taps * OutPlane;

    /// <summary>
    /// Whether no tap of any output lies outside of the image. It takes more than no padding, which is the zeros before the image: an even kernel
    /// whose output is as long as its input has one more after it.
    /// </summary>
    public bool StaysInside
    {
        get
        {
            var stays = true;
            for (var a = 0; a < Axes; a++)
            {
                stays &= Padding[a] == 0 && ((Out[a] - 1) * (long)Stride[a]) + ((Kernel[a] - 1) * (long)Dilation[a]) < In[a];
            }

            return stays;
        }
    }

    /// <summary>Refuses what the kernels, which number positions and taps by 32 bits, cannot count.</summary>
    /// <exception cref="ShapeException">An image, the weights of a channel or the work is larger.</exception>
    public void ThrowIfTooLarge()
    {
        var (image, result, taps, longest) = (1.0, 1.0, 1.0, 1);
        for (var a = 0; a < Axes; a++)
        {
            image *= (double)In[a] + (2.0 * Padding[a]) + Stride[a];
            result *= Out[a];
            taps *= Kernel[a];
            longest = Math.Max(longest, Math.Max(In[a], Out[a]));
        }

        if (Math.Max(image, result) > int.MaxValue || taps * Math.Max(Inputs, Outputs) > int.MaxValue
            || (double)Batch * Groups * longest > int.MaxValue)
        {
            throw new ShapeException(
                "a convolution counts the positions of one image, and the weights of one channel, in 32 bits, and this one has more: a batch of " +
                $"{Batch} images of {Text(In)}, {Groups} groups of {Inputs} to {Outputs} channels, a kernel of {Text(Kernel)}. Cut the " +
                "images or the batch.");
        }

        static string Text(int[] sizes) => string.Join('x', sizes);
    }

    /// <summary>A tap's position on each axis.</summary>
    public (int D, int H, int W) Tap(int tap) =>
        (tap / (Kernel[1] * Kernel[2]), tap / Kernel[2] % Kernel[1], tap % Kernel[2]);

    /// <summary>How far the last tap reaches on an axis, in whole strides.</summary>
    public int Reach(int axis) => (Kernel[axis] - 1) * Dilation[axis] / Stride[axis];
}
