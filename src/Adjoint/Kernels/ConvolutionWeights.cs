using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

// The gradient of a convolution's weights sums over the positions of all images, which run over whole rows of the planes as in ConvolutionStrips; the
// gradient of y is laid out the same way, with zeros in the margin. With many channels a register tile has its rows over channels of x, read in place for
// every tap, and its columns over channels of y. With few it has its rows over channels of y and its columns over channels and taps of x.
//
// Images are summed in parts whose number follows from the shapes alone, and parts in order, so that the bits do not depend on the number of threads.

/// <summary>The transpose of a convolution by its weights.</summary>
internal sealed unsafe class ConvolutionWeights<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    // Positions that are summed before the next tile: their rows of x and y stay in the first-level cache.
    private const int Positions = 192;

    // From this number of channels on they fill the rows of a tile well enough.
    private const int ManyChannels = 8;

    private const int MostParts = 8;
    private const int MostPartial = 1 << 20;

    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionPlanes _planes;
    private readonly nint[] _taps;
    private readonly T* _x;
    private readonly T* _gradient;
    private readonly bool _isWide;
    private readonly int _length;
    private readonly int _strips;
    private readonly int _columns;

    private ConvolutionWeights(ConvolutionGeometry g, T* x, T* gradient)
    {
        _geometry = g;
        _planes = ConvolutionPlanes.OfInput(g, sizeof(T), out _taps);
        _x = x;
        _gradient = gradient;
        _isWide = g.Inputs >= ManyChannels;
        _length = ((g.Out[1] - 1) * _planes.Row) + g.Out[2];
        _columns = _isWide ? g.Outputs : g.Inputs * g.Taps;
        _strips = (_columns + TTile.Columns - 1) / TTile.Columns;
    }

    private int Rows => _isWide ? _geometry.Inputs * _geometry.Taps : _geometry.Outputs;

    /// <summary>The gradient of the weights. All dense.</summary>
    public static void Run(ConvolutionGeometry g, T* x, T* gradient, T* weight) =>
        new ConvolutionWeights<T, TTile>(g, x, gradient).Run(weight);

    private void Run(T* weight)
    {
        var g = _geometry;
        var sums = (nint)_strips * Rows * TTile.Columns;
        var parts = (int)Math.Clamp(MostPartial / Math.Max(sums * g.Groups, 1), 1, Math.Min(MostParts, Math.Max(g.Batch, 1)));
        var blocks = parts * g.Groups >= 4 ? 1 : Math.Min(_strips, 4);
        var block = BlockPool.Rent(Math.Max(64, parts * g.Groups * sums * sizeof(T)));
        var partial = (T*)block.Pointer;
        Team.Run(parts * g.Groups * blocks, g.Work >= 1 << 18, index =>
        {
            var (unit, b) = (index / blocks, index % blocks);
            var (part, group) = (unit / g.Groups, unit % g.Groups);
            Part(
                group, g.Batch * part / parts, g.Batch * (part + 1) / parts, _strips * b / blocks, _strips * (b + 1) / blocks,
                partial + (unit * sums));
        });
        Team.Run(g.Groups, sums * parts * g.Groups >= 1 << 18, group => Collect(partial, sums, parts, group, weight));
        block.Return();
    }

    /// <summary>Sums over some images into some strips of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part(int group, int first, int end, int firstStrip, int endStrip, T* sums)
    {
        var g = _geometry;
        int mr = TTile.Rows, nr = TTile.Columns;
        new Span<T>(sums + ((nint)firstStrip * Rows * nr), checked((endStrip - firstStrip) * Rows * nr)).Clear();
        var slab = g.Out[1] * (nint)_planes.Row;
        var bytesPlanes = _planes.IsInPlace ? 0 : GemmBuffer.Round((nuint)(_planes.Count * sizeof(T)));
        var bytesGradient = GemmBuffer.Round((nuint)((_isWide ? _strips * nr : g.Outputs) * slab * sizeof(T)));
        var bytesStrip = (nuint)(_isWide ? 0 : Positions * nr * sizeof(T));
        var memory = (byte*)GemmBuffer.Rent(bytesPlanes + bytesGradient + bytesStrip);
        var gradient = (T*)(memory + bytesPlanes);
        for (var n = first; n < end; n++)
        {
            var image = ((nint)n * g.Groups) + group;
            var planes = _x + (image * g.Inputs * g.InPlane);
            if (!_planes.IsInPlace)
            {
                _planes.Fill(planes, (T*)memory);
                planes = (T*)memory;
            }

            for (var d = 0; d < g.Out[0]; d++)
            {
                var from = _gradient + (image * g.Outputs * g.OutPlane) + (d * (nint)g.Out[1] * g.Out[2]);
                if (_isWide)
                {
                    PackGradient(from, firstStrip, endStrip, gradient, slab * nr);
                    Wide(planes + (d * _planes.Slab), gradient, slab * nr, firstStrip, endStrip, sums);
                }
                else
                {
                    SpreadGradient(from, gradient, slab);
                    Narrow(planes + (d * _planes.Slab), gradient, slab, firstStrip, endStrip, (T*)(memory + bytesPlanes + bytesGradient), sums);
                }
            }
        }
    }

    private void Wide(T* planes, T* gradient, nint stripStep, int firstStrip, int endStrip, T* sums)
    {
        int mr = TTile.Rows, nr = TTile.Columns;
        for (var q = 0; q < _length; q += Positions)
        {
            var steps = Math.Min(Positions, _length - q);
            for (var s = firstStrip; s < endStrip; s++)
            {
                var b = gradient + (s * stripStep) + ((nint)q * nr);
                var to = sums + ((nint)s * Rows * nr);
                for (var c = 0; c < _geometry.Inputs; c += mr)
                {
                    var rows = Math.Min(mr, _geometry.Inputs - c);
                    for (var t = 0; t < _taps.Length; t++)
                    {
                        TTile.Multiply<StridedRows>(
                            rows, steps, T.One, planes + (c * _planes.Channel) + _taps[t] + q, _planes.Channel, 1, b, nr, T.One,
                            to + (((nint)t * _geometry.Inputs) + c) * nr, nr);
                    }
                }
            }
        }
    }

    private void Narrow(T* planes, T* gradient, nint row, int firstStrip, int endStrip, T* strip, T* sums)
    {
        int mr = TTile.Rows, nr = TTile.Columns;
        for (var q = 0; q < _length; q += Positions)
        {
            var steps = Math.Min(Positions, _length - q);
            for (var s = firstStrip; s < endStrip; s++)
            {
                PackPatches(planes + q, s * nr, Math.Min(nr, _columns - (s * nr)), steps, strip);
                for (var o = 0; o < _geometry.Outputs; o += mr)
                {
                    TTile.Multiply<StridedRows>(
                        Math.Min(mr, _geometry.Outputs - o), steps, T.One, gradient + (o * row) + q, row, 1, strip, nr, T.One,
                        sums + (((nint)s * Rows) + o) * nr, nr);
                }
            }
        }
    }

    /// <summary>Columns are channels and taps of x, rows are positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackPatches(T* planes, int first, int count, int steps, T* strip)
    {
        var nr = TTile.Columns;
        if (count < nr)
        {
            new Span<T>(strip, steps * nr).Clear();
        }

        for (var j = 0; j < count; j++)
        {
            var (c, t) = ((first + j) / _taps.Length, (first + j) % _taps.Length);
            var source = planes + (c * _planes.Channel) + _taps[t];
            var target = strip + j;
            for (var q = 0; q < steps; q++)
            {
                *target = source[q];
                target += nr;
            }
        }
    }

    /// <summary>The gradient of y with zeros in the margins, positions after channels.</summary>
    private void SpreadGradient(T* from, T* target, nint slab)
    {
        var (height, width) = (_geometry.Out[1], _geometry.Out[2]);
        for (var o = 0; o < _geometry.Outputs; o++)
        {
            for (var h = 0; h < height; h++)
            {
                var to = target + (o * slab) + (h * (nint)_planes.Row);
                new ReadOnlySpan<T>(from + (o * _geometry.OutPlane) + (h * (nint)width), width).CopyTo(new Span<T>(to, width));
                new Span<T>(to + width, _planes.Row - width).Clear();
            }
        }
    }

    /// <summary>The gradient of y with zeros in the margins, in strips of channels after positions.</summary>
    private void PackGradient(T* from, int firstStrip, int endStrip, T* target, nint stripStep)
    {
        var nr = TTile.Columns;
        var (height, width, margin) = (_geometry.Out[1], _geometry.Out[2], _planes.Row - _geometry.Out[2]);
        for (var s = firstStrip; s < endStrip; s++)
        {
            var count = Math.Min(nr, _geometry.Outputs - (s * nr));
            var to = target + (s * stripStep);
            for (var h = 0; h < height; h++)
            {
                GemmPack.Strip(nr, count, width, from + (s * nr * _geometry.OutPlane) + (h * (nint)width), _geometry.OutPlane, 1, to);
                new Span<T>(to + ((nint)width * nr), margin * nr).Clear();
                to += (nint)_planes.Row * nr;
            }
        }
    }

    /// <summary>Adds the parts of one group and puts them in the order of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(T* partial, nint sums, int parts, int group, T* weight)
    {
        var g = _geometry;
        var nr = TTile.Columns;
        var to = weight + ((nint)group * g.Outputs * g.Inputs * g.Taps);
        for (var o = 0; o < g.Outputs; o++)
        {
            for (var c = 0; c < g.Inputs; c++)
            {
                for (var t = 0; t < g.Taps; t++)
                {
                    var (row, column) = _isWide ? ((t * g.Inputs) + c, o) : (o, (c * g.Taps) + t);
                    var from = partial + (group * sums) + ((((nint)(column / nr) * Rows) + row) * nr) + (column % nr);
                    var sum = *from;
                    for (var part = 1; part < parts; part++)
                    {
                        sum += from[part * g.Groups * sums];
                    }

                    *to++ = sum;
                }
            }
        }
    }
}
