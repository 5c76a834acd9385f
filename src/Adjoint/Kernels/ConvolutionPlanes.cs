using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// Channels of one image with zeros around them, cut into one plane for each remainder of positions by the stride, so that every tap of a
/// convolution reads neighbours at a constant offset, whatever the stride and the dilation.
/// </summary>
internal sealed unsafe class ConvolutionPlanes
{
    private readonly int[] _in;
    private readonly int[] _step;

    // For each axis the first source position of each plane that a tap reads.
    private readonly int[][] _starts;

    private ConvolutionPlanes(int channels, int[] source, int[] length, int[] step, int[][] starts, int itemSize)
    {
        _in = source;
        _step = step;
        _starts = starts;
        Channels = channels;
        Length = length;
        Row = length[2];
        Slab = (nint)length[1] * length[2];
        Plane = length[0] * Slab;
        Channel = starts[0].Length * starts[1].Length * starts[2].Length * Plane;
        IsInPlace = starts.All(axis => axis is [0]) && step.All(s => s == 1) && source.AsSpan().SequenceEqual(length);

        // Rows of a matrix that lie a multiple of the page size apart push each other out of the cache.
        if (Channel * itemSize % 2048 == 0)
        {
            IsInPlace &= Channel * itemSize % 4096 != 0 || channels == 1;
            Channel += IsInPlace ? 0 : 64 / itemSize;
        }
    }

    public int Channels { get; }

    /// <summary>The size of a plane on each axis.</summary>
    public int[] Length { get; }

    /// <summary>Elements from row to row.</summary>
    public int Row { get; }

    /// <summary>Elements from one depth to the next.</summary>
    public nint Slab { get; }

    /// <summary>Elements of one plane.</summary>
    public nint Plane { get; }

    /// <summary>Elements from channel to channel.</summary>
    public nint Channel { get; }

    /// <summary>Whether the image itself is what is wanted.</summary>
    public bool IsInPlace { get; }

    /// <summary>Elements of all channels.</summary>
    public nint Count => Channels * Channel;

    /// <summary>The planes of x, and where each tap begins in them for output 0.</summary>
    public static ConvolutionPlanes OfInput(ConvolutionGeometry g, int itemSize, out nint[] taps)
    {
        var length = new int[ConvolutionGeometry.Axes];
        var starts = new int[ConvolutionGeometry.Axes][];
        var slots = new int[ConvolutionGeometry.Axes][];
        for (var a = 0; a < length.Length; a++)
        {
            length[a] = g.Out[a] + g.Reach(a);
            var used = Enumerable.Range(0, g.Kernel[a]).Select(t => t * g.Dilation[a] % g.Stride[a]).Distinct().ToArray();
            starts[a] = Array.ConvertAll(used, phase => phase - g.Padding[a]);
            slots[a] = [.. Enumerable.Range(0, g.Kernel[a]).Select(t => Array.IndexOf(used, t * g.Dilation[a] % g.Stride[a]))];
        }

        var planes = new ConvolutionPlanes(g.Inputs, g.In, length, g.Stride, starts, itemSize);
        taps = new nint[g.Taps];
        for (var t = 0; t < taps.Length; t++)
        {
            var (d, h, w) = g.Tap(t);
            var slot = (((slots[0][d] * starts[1].Length) + slots[1][h]) * starts[2].Length) + slots[2][w];
            taps[t] = (slot * planes.Plane) + planes.At(
                d * g.Dilation[0] / g.Stride[0], h * g.Dilation[1] / g.Stride[1], w * g.Dilation[2] / g.Stride[2]);
        }

        return planes;
    }

    /// <summary>The plane of a gradient of y with zeros before it for the reach of the taps, and after it as far as inputs go.</summary>
    public static ConvolutionPlanes OfGradient(ConvolutionGeometry g, int itemSize)
    {
        var length = new int[ConvolutionGeometry.Axes];
        var starts = new int[ConvolutionGeometry.Axes][];
        for (var a = 0; a < length.Length; a++)
        {
            starts[a] = [-g.Reach(a)];
            length[a] = g.Reach(a) + ((g.In[a] - 1 + g.Padding[a]) / g.Stride[a]) + 1;
        }

        return new ConvolutionPlanes(g.Outputs, g.Out, length, [1, 1, 1], starts, itemSize);
    }

    /// <summary>The offset of a position in a plane.</summary>
    public nint At(int d, int h, int w) => (d * Slab) + (h * (nint)Row) + w;

    /// <summary>Writes the planes of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<T>(T* image, T* target)
        where T : unmanaged
    {
        var plane = (nint)_in[0] * _in[1] * _in[2];
        for (var c = 0; c < Channels; c++)
        {
            var to = target + (c * Channel);
            foreach (var startD in _starts[0])
            {
                foreach (var startH in _starts[1])
                {
                    foreach (var startW in _starts[2])
                    {
                        for (var d = 0; d < Length[0]; d++)
                        {
                            var atD = (d * _step[0]) + startD;
                            for (var h = 0; h < Length[1]; h++)
                            {
                                var atH = (h * _step[1]) + startH;
                                var inside = (uint)atD < (uint)_in[0] && (uint)atH < (uint)_in[1];
                                Line(inside ? image + (((nint)atD * _in[1]) + atH) * _in[2] : null, startW, to);
                                to += Row;
                            }
                        }
                    }
                }
            }

            image += plane;
        }
    }

    /// <summary>One row: zeros, what lies inside the image, zeros.</summary>
    private void Line<T>(T* source, int start, T* target)
        where T : unmanaged
    {
        var (step, width) = (_step[2], _in[2]);
        var first = start >= 0 ? 0 : (-start + step - 1) / step;
        var end = source == null || width <= start ? 0 : Math.Min(Row, ((width - 1 - start) / step) + 1);
        if (end <= first)
        {
            new Span<T>(target, Row).Clear();
            return;
        }

        new Span<T>(target, first).Clear();
        new Span<T>(target + end, Row - end).Clear();
        if (step == 1)
        {
            new ReadOnlySpan<T>(source + first + start, end - first).CopyTo(new Span<T>(target + first, end - first));
            return;
        }

        for (var i = first; i < end; i++)
        {
            target[i] = source[(i * step) + start];
        }
    }
}
