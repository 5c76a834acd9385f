using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// Channels of one image, or of a band of it, with zeros around them, cut into one plane for each remainder of positions by the stride, so that every
/// tap of a convolution reads neighbours at a constant offset, whatever the stride and the dilation.
/// </summary>
internal sealed unsafe class ConvolutionPlanes
{
    private readonly int[] _in;
    private readonly int[] _step;

    // For each axis the first source position of each plane that a tap reads.
    private readonly int[][] _starts;

    private ConvolutionPlanes(int channels, int[] source, int[] length, int[] step, int[][] starts, int itemSize, bool isInPlace)
    {
        _in = source;
        _step = step;
        _starts = starts;
        Channels = channels;
        IsInPlace = isInPlace;
        Length = length;
        Row = length[2];
        Slab = (nint)length[1] * length[2];
        Plane = length[0] * Slab;
        Channel = starts[0].Length * starts[1].Length * starts[2].Length * Plane;

        if (Channel * itemSize % 2048 == 0 && !IsInPlace)
        {
            Channel += 64 / itemSize;
        }
    }

    public int Channels { get; }

    /// <summary>From one output to the next in the planes, on each axis.</summary>
    public int[] Stride { get; private init; } = [1, 1, 1];

    /// <summary>From the first row of a band to that of the next in the image, for each position between them.</summary>
    private int[] Advance { get; init; } = [1, 1, 1];

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

    /// <summary>Whether the image itself is what is wanted; then there are no bands.</summary>
    public bool IsInPlace { get; }

    /// <summary>Elements of all channels.</summary>
    public nint Count => Channels * Channel;

    /// <summary>
    /// The planes of x for a band of so many outputs, cut by the stride, so that outputs are neighbours;
    /// and where each tap begins in them for the first output.
    /// </summary>
    public static ConvolutionPlanes OfInput(ConvolutionGeometry g, int[] band, int itemSize, out nint[] taps)
    {
        var length = new int[ConvolutionGeometry.Axes];
        var starts = new int[ConvolutionGeometry.Axes][];
        var slots = new int[ConvolutionGeometry.Axes][];
        for (var a = 0; a < length.Length; a++)
        {
            length[a] = band[a] + g.Reach(a);
            var used = Enumerable.Range(0, g.Kernel[a]).Select(t => t * g.Dilation[a] % g.Stride[a]).Distinct().ToArray();
            starts[a] = Array.ConvertAll(used, phase => phase - g.Padding[a]);
            slots[a] = [.. Enumerable.Range(0, g.Kernel[a]).Select(t => Array.IndexOf(used, t * g.Dilation[a] % g.Stride[a]))];
        }

        var planes = new ConvolutionPlanes(g.Inputs, g.In, length, g.Stride, starts, itemSize, isInPlace: false) { Advance = g.Stride };
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

    /// <summary>The same not cut, in which outputs lie a stride apart; the image itself where nothing is to be put around it.</summary>
    public static ConvolutionPlanes OfWholeInput(ConvolutionGeometry g, int[] band, int itemSize, out nint[] taps)
    {
        var length = new int[ConvolutionGeometry.Axes];
        for (var a = 0; a < length.Length; a++)
        {
            length[a] = ((band[a] - 1) * g.Stride[a]) + ((g.Kernel[a] - 1) * g.Dilation[a]) + 1;
        }

        var isInPlace = g.StaysInside && AreSpread(g.In, g.Inputs, itemSize);
        var planes = new ConvolutionPlanes(
            g.Inputs, g.In, isInPlace ? g.In : length, [1, 1, 1], Array.ConvertAll(g.Padding, zeros => new[] { -zeros }), itemSize, isInPlace)
        {
            Advance = g.Stride,
            Stride = g.Stride,
        };
        taps = new nint[g.Taps];
        for (var t = 0; t < taps.Length; t++)
        {
            var (d, h, w) = g.Tap(t);
            taps[t] = planes.At(d * g.Dilation[0], h * g.Dilation[1], w * g.Dilation[2]);
        }

        return planes;
    }

    /// <summary>
    /// The plane of a gradient of y for a band of so many inputs of each remainder by the stride, with zeros before it for the reach of the taps, and
    /// after it as far as inputs go.
    /// </summary>
    public static ConvolutionPlanes OfGradient(ConvolutionGeometry g, int[] band, int itemSize, bool mayBeInPlace)
    {
        var length = new int[ConvolutionGeometry.Axes];
        var cut = new int[ConvolutionGeometry.Axes];
        var starts = new int[ConvolutionGeometry.Axes][];
        for (var a = 0; a < length.Length; a++)
        {
            starts[a] = [-g.Reach(a)];
            length[a] = g.Reach(a) + ((g.In[a] - 1 + g.Padding[a]) / g.Stride[a]) + 1;
            var first = (g.Padding[a] + g.Stride[a] - 1) / g.Stride[a];
            cut[a] = Math.Min(length[a], g.Reach(a) + first + band[a]);
        }

        var isInPlace = mayBeInPlace && starts.All(axis => axis is [0])
            && g.Out.AsSpan().SequenceEqual(length) && AreSpread(g.Out, g.Outputs, itemSize);
        return new ConvolutionPlanes(g.Outputs, g.Out, isInPlace ? length : cut, [1, 1, 1], starts, itemSize, isInPlace);
    }

    /// <summary>The offset of an output in a plane.</summary>
    public nint AtOutput(int d, int h, int w) => At(d * Stride[0], h * Stride[1], w * Stride[2]);

    /// <summary>The offset of a position in a plane.</summary>
    public nint At(int d, int h, int w) => (d * Slab) + (h * (nint)Row) + w;

    /// <summary>Writes the planes of the band of an image that begins at an output, or input, on each axis.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<T>(T* image, ConvolutionBand band, T* target)
        where T : unmanaged
    {
        var plane = (nint)_in[0] * _in[1] * _in[2];
        for (var c = 0; c < Channels; c++)
        {
            var to = target + (c * Channel);
            NativeMemory.Clear(to, (nuint)Channel * (nuint)sizeof(T));
            foreach (var startD in _starts[0])
            {
                foreach (var startH in _starts[1])
                {
                    foreach (var startW in _starts[2])
                    {
                        for (var d = 0; d < Length[0]; d++)
                        {
                            var atD = (d * _step[0]) + (band.Depth * Advance[0]) + startD;
                            for (var h = 0; h < Length[1]; h++)
                            {
                                var atH = (h * _step[1]) + (band.Height * Advance[1]) + startH;
                                if ((uint)atD < (uint)_in[0] && (uint)atH < (uint)_in[1])
                                {
                                    var row = image + ((((nint)atD * _in[1]) + atH) * _in[2]);
                                    if (c + 1 < Channels)
                                    {
                                        Fetch(row + plane, _in[2]);
                                    }

                                    Line(row, (band.Width * Advance[2]) + startW, to);
                                }

                                to += Row;
                            }
                        }
                    }
                }
            }

            image += plane;
        }
    }

    // Channels that lie a multiple of the page size apart push each other out of the cache.
    private static bool AreSpread(int[] size, int channels, int itemSize) =>
        channels == 1 || (long)size[0] * size[1] * size[2] * itemSize % 4096 != 0;

    // A band of the next channel lies too far away for the processor to guess.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<T>(T* row, int width)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < Math.Min(width, 256); i += 64 / sizeof(T))
            {
                Sse.Prefetch0(row + i);
            }
        }
    }

    /// <summary>What of one row lies inside the image; the rest is zero already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Line<T>(T* source, int start, T* target)
        where T : unmanaged
    {
        var (step, width) = (_step[2], _in[2]);
        var first = start >= 0 ? 0 : (-start + step - 1) / step;
        var end = width <= start ? 0 : Math.Min(Row, ((width - 1 - start) / step) + 1);
        if (step > 1)
        {
            var i = first;
            if (step == 2 && sizeof(T) == sizeof(float) && Sse.IsSupported)
            {
                for (; i <= end - 4; i += 4)
                {
                    var pair = (float*)(source + (2 * i) + start);
                    Sse.Shuffle(Vector128.Load(pair), Vector128.Load(pair + 3), 0b11_01_10_00).Store((float*)(target + i));
                }
            }

            for (; i < end; i++)
            {
                target[i] = source[(i * step) + start];
            }

            return;
        }

        // Rows are short, so they are copied here: whole registers, and the last one once more from the end.
        byte* from = (byte*)(source + first + start), to = (byte*)(target + first);
        var bytes = (end - first) * sizeof(T);
        if (bytes < 32)
        {
            for (var i = first; i < end; i++)
            {
                target[i] = source[i + start];
            }

            return;
        }

        for (var i = 0; i < bytes - 32; i += 32)
        {
            Vector256.Load(from + i).Store(to + i);
        }

        Vector256.Load(from + bytes - 32).Store(to + bytes - 32);
    }
}
