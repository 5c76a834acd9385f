using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Reads dense images at the points of a grid, and pulls gradients back to the images and to the grid. The elements that each point reads are found
/// once, axis by axis, for all channels; then channels are shared out to threads, or for the grid points are.
/// </summary>
internal sealed unsafe class GridSampler<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const long Parallel = 1 << 13;
    private const int MostParts = 16;
    private const int Taps = 3 * GridAxis.Most;

    private readonly GridAxis[] _axes;
    private readonly nint _images;
    private readonly nint _points;
    private readonly nint _size;
    private readonly int _coordinates;
    private readonly nint* _offsets;
    private readonly T* _weights;
    private readonly T* _slopes;

    /// <summary>Finds what all points read.</summary>
    /// <param name="axes">Depth, height and width; a depth of 1 that the grid has no coordinate for reads its one element.</param>
    /// <param name="coordinates">How many coordinates a point has, of the last axis first.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="points">The number of points for each.</param>
    /// <param name="grid">The points.</param>
    public GridSampler(GridAxis[] axes, int coordinates, nint images, nint points, T* grid)
    {
        (_axes, _coordinates, _images, _points) = (axes, coordinates, images, points);
        _size = (nint)axes[0].Size * axes[1].Size * axes[2].Size;
        var count = (nuint)(images * points * Taps);
        _offsets = (nint*)NativeMemory.Alloc(count, (nuint)sizeof(nint));
        _weights = (T*)NativeMemory.Alloc(count, (nuint)sizeof(T));
        _slopes = (T*)NativeMemory.Alloc(count, (nuint)sizeof(T));
        Split(images * points, Taps, (first, end) =>
        {
            for (var point = first; point < end; point++)
            {
                Find(grid + (point * coordinates), point * Taps);
            }
        });
    }

    public void Dispose()
    {
        NativeMemory.Free(_offsets);
        NativeMemory.Free(_weights);
        NativeMemory.Free(_slopes);
    }

    /// <summary>The values at all points.</summary>
    public void Read(nint channels, T* x, T* y) => Split(_images * channels, _points, (first, end) =>
    {
        for (var plane = first; plane < end; plane++)
        {
            ReadPlane(plane / channels * _points, x + (plane * _size), y + (plane * _points));
        }
    });

    /// <summary>The gradient of the images.</summary>
    public void PullImage(nint channels, T* g, T* x) => Split(_images * channels, _points, (first, end) =>
    {
        for (var plane = first; plane < end; plane++)
        {
            NativeMemory.Clear(x + (plane * _size), (nuint)_size * (nuint)sizeof(T));
            AddPlane(plane / channels * _points, g + (plane * _points), x + (plane * _size));
        }
    });

    /// <summary>The gradient of the grid.</summary>
    public void PullGrid(nint channels, T* x, T* g, T* grid) => Split(_images * _points, channels * 4, (first, end) =>
    {
        for (var point = first; point < end; point++)
        {
            var image = point / _points;
            PullPoint(
                point * Taps, channels, x + (image * channels * _size), g + (image * channels * _points) + (point % _points),
                grid + (point * _coordinates));
        }
    });

    private static void Split(nint count, nint each, Action<nint, nint> work)
    {
        var parts = (int)Math.Min(count, MostParts);
        Team.Run(parts, count * (long)each >= Parallel, part => work(count * part / parts, count * (part + 1) / parts));
    }

    private void Find(T* point, nint at)
    {
        for (var a = 0; a < 3; a++)
        {
            var tap = at + (a * GridAxis.Most);
            var offsets = _offsets + tap;
            T* weights = _weights + tap, slopes = _slopes + tap;
            if (2 - a < _coordinates)
            {
                _axes[a].Find(point[2 - a], offsets, weights, slopes);
            }
            else
            {
                (offsets[0], weights[0], slopes[0]) = (0, T.One, T.Zero);
            }
        }
    }

    /// <summary>How many elements each axis reads.</summary>
    private (int Depth, int Height, int Width) Counts => (_coordinates < 3 ? 1 : _axes[0].Count, _axes[1].Count, _axes[2].Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadPlane(nint first, T* x, T* y)
    {
        var (depth, height, width) = Counts;
        for (nint point = 0; point < _points; point++)
        {
            var at = (first + point) * Taps;
            nint* d = _offsets + at, h = d + GridAxis.Most, w = h + GridAxis.Most;
            T* wd = _weights + at, wh = wd + GridAxis.Most, ww = wh + GridAxis.Most;
            var sum = T.Zero;
            for (var i = 0; i < depth; i++)
            {
                for (var j = 0; j < height; j++)
                {
                    if ((d[i] | h[j]) < 0)
                    {
                        continue;
                    }

                    var row = x + d[i] + h[j];
                    var weight = wd[i] * wh[j];
                    for (var k = 0; k < width; k++)
                    {
                        sum += w[k] >= 0 ? row[w[k]] * (weight * ww[k]) : T.Zero;
                    }
                }
            }

            y[point] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPlane(nint first, T* g, T* x)
    {
        var (depth, height, width) = Counts;
        for (nint point = 0; point < _points; point++)
        {
            var at = (first + point) * Taps;
            nint* d = _offsets + at, h = d + GridAxis.Most, w = h + GridAxis.Most;
            T* wd = _weights + at, wh = wd + GridAxis.Most, ww = wh + GridAxis.Most;
            for (var i = 0; i < depth; i++)
            {
                for (var j = 0; j < height; j++)
                {
                    if ((d[i] | h[j]) < 0)
                    {
                        continue;
                    }

                    var row = x + d[i] + h[j];
                    var part = g[point] * (wd[i] * wh[j]);
                    for (var k = 0; k < width; k++)
                    {
                        if (w[k] >= 0)
                        {
                            row[w[k]] += part * ww[k];
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PullPoint(nint at, nint channels, T* x, T* g, T* gradient)
    {
        var (depth, height, width) = Counts;
        nint* d = _offsets + at, h = d + GridAxis.Most, w = h + GridAxis.Most;
        T* wd = _weights + at, wh = wd + GridAxis.Most, ww = wh + GridAxis.Most;
        T* sd = _slopes + at, sh = sd + GridAxis.Most, sw = sh + GridAxis.Most;
        T ofDepth = T.Zero, ofHeight = T.Zero, ofWidth = T.Zero;
        for (var i = 0; i < depth; i++)
        {
            for (var j = 0; j < height; j++)
            {
                for (var k = 0; k < width; k++)
                {
                    if ((d[i] | h[j] | w[k]) < 0)
                    {
                        continue;
                    }

                    var sum = T.Zero;
                    var place = x + d[i] + h[j] + w[k];
                    for (nint c = 0; c < channels; c++)
                    {
                        sum += place[c * _size] * g[c * _points];
                    }

                    ofDepth += sum * sd[i] * wh[j] * ww[k];
                    ofHeight += sum * wd[i] * sh[j] * ww[k];
                    ofWidth += sum * wd[i] * wh[j] * sw[k];
                }
            }
        }

        (gradient[0], gradient[1]) = (ofWidth, ofHeight);
        if (_coordinates == 3)
        {
            gradient[2] = ofDepth;
        }
    }
}
