namespace Adjoint.Kernels;

/// <summary>
/// Results of a convolution whose positions step evenly through the result, and the taps that reach them: all of them, or, for the gradient of x,
/// those with one remainder by the stride.
/// </summary>
/// <param name="Counts">Positions on each axis.</param>
/// <param name="Start">The offset of the first in a channel of the result.</param>
/// <param name="Steps">The offsets from one to the next in the result, on each axis.</param>
/// <param name="Taps">The numbers of the taps.</param>
/// <param name="Offsets">Where each tap begins in the planes, for the first position.</param>
internal sealed record ConvolutionGrid(int[] Counts, nint Start, nint[] Steps, int[] Taps, nint[] Offsets)
{
    /// <summary>All results, from planes of x.</summary>
    public static ConvolutionGrid OfOutput(ConvolutionGeometry g, nint[] offsets) => new(
        g.Out, 0, [(nint)g.Out[1] * g.Out[2], g.Out[2], 1], [.. Enumerable.Range(0, g.Taps)], offsets);

    /// <summary>
    /// The gradient of x, from the plane of a gradient of y: x at stride * j + phase - padding
    /// meets the taps with tap * dilation = stride * k + phase, at output j - k.
    /// </summary>
    public static IEnumerable<ConvolutionGrid> OfInput(ConvolutionGeometry g, ConvolutionPlanes planes)
    {
        for (var d = 0; d < g.Stride[0]; d++)
        {
            for (var h = 0; h < g.Stride[1]; h++)
            {
                for (var w = 0; w < g.Stride[2]; w++)
                {
                    var grid = OfPhase(g, planes, [d, h, w]);
                    if (Array.TrueForAll(grid.Counts, count => count > 0))
                    {
                        yield return grid;
                    }
                }
            }
        }
    }

    private static ConvolutionGrid OfPhase(ConvolutionGeometry g, ConvolutionPlanes planes, int[] phase)
    {
        nint[] sizes = [(nint)g.In[1] * g.In[2], g.In[2], 1];
        var counts = new int[ConvolutionGeometry.Axes];
        var first = new int[ConvolutionGeometry.Axes];
        var steps = new nint[ConvolutionGeometry.Axes];
        nint start = 0;
        for (var a = 0; a < counts.Length; a++)
        {
            var (stride, padding) = (g.Stride[a], g.Padding[a]);
            first[a] = Math.Max(0, (padding - phase[a] + stride - 1) / stride);
            var top = g.In[a] - 1 + padding - phase[a];
            counts[a] = top < 0 ? 0 : (top / stride) - first[a] + 1;
            start += ((stride * first[a]) + phase[a] - padding) * sizes[a];
            steps[a] = stride * sizes[a];
        }

        var taps = new List<int>();
        var offsets = new List<nint>();
        for (var t = 0; t < g.Taps; t++)
        {
            var (d, h, w) = g.Tap(t);
            if (d * g.Dilation[0] % g.Stride[0] == phase[0] && h * g.Dilation[1] % g.Stride[1] == phase[1]
                && w * g.Dilation[2] % g.Stride[2] == phase[2])
            {
                taps.Add(t);
                offsets.Add(planes.At(
                    first[0] - (d * g.Dilation[0] / g.Stride[0]) + g.Reach(0),
                    first[1] - (h * g.Dilation[1] / g.Stride[1]) + g.Reach(1),
                    first[2] - (w * g.Dilation[2] / g.Stride[2]) + g.Reach(2)));
            }
        }

        return new(counts, start, steps, [.. taps], [.. offsets]);
    }
}
