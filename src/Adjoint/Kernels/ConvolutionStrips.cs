using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Memory;

namespace Adjoint.Kernels;

// The convolution as a matrix product that never writes the matrix of patches.
//
// ConvolutionPlanes lays an image out so that each tap reads neighbours at a constant offset. A strip of as many neighbouring positions as the register
// tile is wide is then a row of the patch matrix for every channel and tap, copied by two vector moves into a strip that stays in the first-level cache,
// and all rows of the packed weights pass over it. Positions run over whole rows of the plane, its margin included: what is computed there is dropped when
// a strip is copied to the result, which also adds the bias. The gradient of x is the same with the roles of the channels exchanged, once for each
// remainder of positions by the stride.
//
// An element of the result is one sum over channels and taps in a fixed order, whichever thread computes it.

/// <summary>The strips of a convolution, and of its gradient by x.</summary>
internal sealed unsafe class ConvolutionStrips<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    // A strip of patches and the weights that pass over it share the first-level cache.
    private const int StripBytes = 24 << 10;

    // Results that one strip makes at a time stay in the first-level cache too.
    private const int BlockRows = 10;

    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionPlanes _planes;
    private readonly bool _isInput;
    private readonly T* _source;
    private readonly T* _weight;
    private readonly T* _bias;
    private readonly T* _target;
    private readonly int _rows;
    private readonly nint _sourceImage;
    private readonly nint _targetPlane;

    private ConvolutionStrips(ConvolutionGeometry g, ConvolutionPlanes planes, bool isInput, T* source, T* weight, T* bias, T* target)
    {
        _geometry = g;
        _planes = planes;
        _isInput = isInput;
        _source = source;
        _weight = weight;
        _bias = bias;
        _target = target;
        _rows = isInput ? g.Inputs : g.Outputs;
        _sourceImage = planes.Channels * (isInput ? g.OutPlane : g.InPlane);
        _targetPlane = isInput ? g.InPlane : g.OutPlane;
    }

    /// <summary>y = the convolution of x with the weights, plus the bias if there is one. All dense.</summary>
    public static void Forward(ConvolutionGeometry g, T* x, T* weight, T* bias, T* y)
    {
        var planes = ConvolutionPlanes.OfInput(g, sizeof(T), out var taps);
        new ConvolutionStrips<T, TTile>(g, planes, isInput: false, x, weight, bias, y).Run(ConvolutionGrid.OfOutput(g, taps));
    }

    /// <summary>The transpose by x, applied to a gradient of y; plus the bias if there is one. All dense.</summary>
    public static void Input(ConvolutionGeometry g, T* gradient, T* weight, T* bias, T* x)
    {
        var planes = ConvolutionPlanes.OfGradient(g, sizeof(T));
        var strips = new ConvolutionStrips<T, TTile>(g, planes, isInput: true, gradient, weight, bias, x);
        foreach (var grid in ConvolutionGrid.OfInput(g, planes))
        {
            strips.Run(grid);
        }
    }

    private void Run(ConvolutionGrid grid)
    {
        var depth = checked(_planes.Channels * grid.Taps.Length);
        var patch = new nint[depth];
        var weights = new nint[depth];
        for (int c = 0, k = 0; c < _planes.Channels; c++)
        {
            for (var t = 0; t < grid.Taps.Length; t++, k++)
            {
                patch[k] = (c * _planes.Channel) + grid.Offsets[t];
                weights[k] = ((_isInput ? c * (nint)_geometry.Inputs : c) * _geometry.Taps) + grid.Taps[t];
            }
        }

        var strips = (_rows + TTile.Rows - 1) / TTile.Rows;
        var packedGroup = (nint)strips * TTile.Rows * depth;
        var block = BlockPool.Rent(Math.Max(64, packedGroup * _geometry.Groups * sizeof(T)));
        var packed = (T*)block.Pointer;
        for (var i = 0; i < _geometry.Groups; i++)
        {
            PackWeights(i, weights, packed + (i * packedGroup));
        }

        var length = ((grid.Counts[1] - 1) * _planes.Row) + grid.Counts[2];
        var perSlab = (length + TTile.Columns - 1) / TTile.Columns;
        var all = perSlab * grid.Counts[0];
        var images = _geometry.Batch * _geometry.Groups;
        var splits = images >= 8 ? 1 : Math.Min(all, 8);
        var work = (double)images * _rows * depth * length * grid.Counts[0];
        Team.Run(images * splits, work >= 1 << 18, part =>
        {
            var (image, split) = (part / splits, part % splits);
            Part(
                grid, patch, packed + (image % _geometry.Groups * packedGroup), image, length,
                (int)((long)all * split / splits), (int)((long)all * (split + 1) / splits));
        });
        block.Return();
    }

    private void PackWeights(int group, nint[] offsets, T* target)
    {
        var taps = _geometry.Taps;
        var across = _isInput ? taps : (nint)_geometry.Inputs * taps;
        var from = _weight + ((nint)group * _geometry.Outputs * _geometry.Inputs * taps);
        var mr = TTile.Rows;
        for (var i = 0; i < _rows; i += mr)
        {
            var rows = Math.Min(mr, _rows - i);
            if (!_isInput && offsets.Length == across)
            {
                GemmPack.Strip(mr, rows, offsets.Length, from + (i * across), across, 1, target);
            }
            else
            {
                Gather(rows, offsets, from + (i * across), across, target);
            }

            target += (nint)mr * offsets.Length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(int rows, nint[] offsets, T* from, nint across, T* target)
    {
        foreach (var offset in offsets)
        {
            var source = from + offset;
            for (var i = 0; i < rows; i++)
            {
                target[i] = source[i * across];
            }

            for (var i = rows; i < TTile.Rows; i++)
            {
                target[i] = T.Zero;
            }

            target += TTile.Rows;
        }
    }

    /// <summary>Some strips of one image's group.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part(ConvolutionGrid grid, nint[] patch, T* packed, int image, int length, int first, int end)
    {
        int mr = TTile.Rows, nr = TTile.Columns;
        var deepest = Math.Max(1, StripBytes / (nr * sizeof(T)));
        var bytesPlanes = _planes.IsInPlace ? 0 : GemmBuffer.Round((nuint)(_planes.Count * sizeof(T)));
        var bytesStrip = GemmBuffer.Round((nuint)(Math.Min(patch.Length, deepest) * nr * sizeof(T)));
        var bytesTiles = (nuint)(BlockRows * mr * nr * sizeof(T));
        var memory = (byte*)GemmBuffer.Rent(bytesPlanes + bytesStrip + bytesTiles);
        var planes = _source + (image * _sourceImage);
        if (!_planes.IsInPlace)
        {
            _planes.Fill(planes, (T*)memory);
            planes = (T*)memory;
        }

        var strip = (T*)(memory + bytesPlanes);
        var tiles = (T*)(memory + bytesPlanes + bytesStrip);
        var segments = stackalloc Segment[nr];
        var group = image % _geometry.Groups;
        var target = _target + (image * _rows * _targetPlane) + grid.Start;
        var bias = _bias == null ? null : _bias + ((nint)group * _rows);
        var perSlab = (length + nr - 1) / nr;
        for (var s = first; s < end; s++)
        {
            var (slab, q) = (s / perSlab, s % perSlab * nr);
            var columns = Math.Min(nr, length - q);
            var count = Cut(grid, q, columns, segments);
            if (count == 0)
            {
                continue;
            }

            var from = planes + (slab * _planes.Slab) + q;
            var to = target + (slab * grid.Steps[0]);
            for (var row = 0; row < _rows; row += BlockRows * mr)
            {
                var rows = Math.Min(BlockRows * mr, _rows - row);
                fixed (nint* offsets = patch)
                {
                    for (var k = 0; k < patch.Length; k += deepest)
                    {
                        var steps = Math.Min(deepest, patch.Length - k);
                        PackPatches(steps, offsets + k, from, columns, strip);
                        for (var i = 0; i < rows; i += mr)
                        {
                            TTile.Multiply<PackedRows>(
                                Math.Min(mr, rows - i), steps, T.One, packed + ((nint)(row + i) * patch.Length) + ((nint)k * mr), 1, mr, strip, nr,
                                k == 0 ? T.Zero : T.One, tiles + ((nint)i * nr), nr);
                        }
                    }
                }

                if (patch.Length == 0)
                {
                    new Span<T>(tiles, rows * nr).Clear();
                }

                for (var i = 0; i < rows; i++)
                {
                    Give(
                        tiles + ((nint)i * nr), segments, count, bias == null ? T.Zero : bias[row + i], to + ((row + i) * _targetPlane), grid.Steps[2]);
                }
            }
        }
    }

    /// <summary>The parts of a strip that lie inside the rows of the result.</summary>
    private int Cut(ConvolutionGrid grid, int q, int columns, Segment* segments)
    {
        var count = 0;
        for (var at = q; at < q + columns;)
        {
            var (h, w) = (at / _planes.Row, at % _planes.Row);
            if (w >= grid.Counts[2])
            {
                at = (h + 1) * _planes.Row;
                continue;
            }

            var run = Math.Min(grid.Counts[2] - w, q + columns - at);
            segments[count++] = new Segment { From = at - q, Length = run, To = (h * grid.Steps[1]) + (w * grid.Steps[2]) };
            at += run;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackPatches(int steps, nint* offsets, T* from, int columns, T* strip)
    {
        var nr = TTile.Columns;
        if (columns < nr)
        {
            for (var k = 0; k < steps; k++)
            {
                var source = from + offsets[k];
                for (var j = 0; j < columns; j++)
                {
                    strip[j] = source[j];
                }

                for (var j = columns; j < nr; j++)
                {
                    strip[j] = T.Zero;
                }

                strip += nr;
            }

            return;
        }

        if (nr * sizeof(T) == 128)
        {
            for (var k = 0; k < steps; k++)
            {
                var source = (byte*)(from + offsets[k]);
                var (low, high) = (Vector512.Load(source), Vector512.Load(source + 64));
                low.Store((byte*)strip);
                high.Store((byte*)strip + 64);
                strip += nr;
            }

            return;
        }

        for (var k = 0; k < steps; k++)
        {
            var source = (byte*)(from + offsets[k]);
            for (var j = 0; j < nr * sizeof(T); j += 32)
            {
                Vector256.Load(source + j).Store((byte*)strip + j);
            }

            strip += nr;
        }
    }

    /// <summary>One row of a tile to where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Give(T* tile, Segment* segments, int count, T bias, T* target, nint step)
    {
        var all = Vector256.Create(bias);
        for (var s = 0; s < count; s++)
        {
            var from = tile + segments[s].From;
            var to = target + segments[s].To;
            var j = 0;
            if (step == 1)
            {
                for (; j <= segments[s].Length - Vector256<T>.Count; j += Vector256<T>.Count)
                {
                    (Vector256.Load(from + j) + all).Store(to + j);
                }
            }

            for (; j < segments[s].Length; j++)
            {
                to[j * step] = from[j] + bias;
            }
        }
    }

    private struct Segment
    {
        public int From;
        public int Length;
        public nint To;
    }
}
