namespace Adjoint.Kernels;

/// <summary>
/// The sizes of a convolution over three axes (depth, height, width); fewer axes have leading ones of size 1. Output o takes input o * stride - padding
/// + tap * dilation on each axis.
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

    /// <summary>A tap's position on each axis.</summary>
    public (int D, int H, int W) Tap(int tap) =>
        (tap / (Kernel[1] * Kernel[2]), tap / Kernel[2] % Kernel[1], tap % Kernel[2]);

    /// <summary>How far the last tap reaches on an axis, in whole strides.</summary>
    public int Reach(int axis) => (Kernel[axis] - 1) * Dilation[axis] / Stride[axis];
}
