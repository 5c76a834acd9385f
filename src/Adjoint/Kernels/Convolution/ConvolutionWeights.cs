using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

// The gradient of a convolution's weights sums over the positions of all images. Rows of a tile are channels and taps of x, read in place in the
// planes of a band. Lanes are channels of y, for which the gradient of y is packed; or, where those are few, neighbouring positions of one row, whose
// sums of each lane are added in the end. No product is taken that is not asked for: a zero beside it would not hide an infinity.
//
// Bands are summed in parts whose number follows from the shapes alone, and parts in order, so that the bits do not depend on the number of threads.

/// <summary>The transpose of a convolution by its weights.</summary>
internal sealed unsafe class ConvolutionWeights<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, IConvolutionTile<T>
{
    // The packed gradient that all tiles pass over stays in the first-level cache.
    private const int BlockBytes = 24 << 10;

    private const double Parallel = 1 << 19;
    private const int MostParts = 8;
    private const int MostPartial = 1 << 20;

    private readonly ConvolutionGeometry _geometry;
    private readonly ConvolutionPlanes _planes;
    private readonly T* _x;
    private readonly T* _gradient;
    private readonly int[] _size;
    private readonly int _bands;

    // Whether lanes are positions.
    private readonly bool _isDot;

    // Rows, how many of them there are in a tile, and where each begins in the planes.
    private readonly int _rows;
    private readonly int _height;
    private readonly int _tiles;
    private readonly nint[] _offsets;

    // Channels of y in a panel, and how wide its tiles are.
    private readonly int _registers;
    private readonly int _columns;
    private readonly int _panels;
    private readonly int _width;

    private ConvolutionWeights(ConvolutionGeometry g, T* x, T* gradient)
    {
        _geometry = g;
        _x = x;
        _gradient = gradient;
        int[] reach = [g.Reach(0), g.Reach(1), g.Reach(2)];
        _size = ConvolutionBand.Size(g.Out, reach, (double)g.Inputs * g.InPlane * sizeof(T), 1, 1);
        var axis = ConvolutionBand.Axis(g.Out);
        _bands = (g.Out[axis] + _size[axis] - 1) / _size[axis];
        _rows = checked(g.Inputs * g.Taps);
        _isDot = IsDot(g);
        _planes = _isDot
            ? ConvolutionPlanes.OfInput(g, _size, sizeof(T), out var taps) : ConvolutionPlanes.OfWholeInput(g, _size, sizeof(T), out taps);
        _registers = g.Outputs > (_isDot ? 1 : TTile.Lanes) ? 2 : 1;
        _columns = _registers * (_isDot ? 1 : TTile.Lanes);
        _panels = (g.Outputs + _columns - 1) / _columns;
        _width = _registers * TTile.Lanes;
        _height = ConvolutionPass<T, TTile>.Even(_rows, TTile.MostRows(_registers));
        _tiles = (_rows + _height - 1) / _height;
        _offsets = new nint[_tiles * _height];
        for (var i = 0; i < _offsets.Length; i++)
        {
            var row = Math.Min(i, _rows - 1);
            _offsets[i] = (row / g.Taps * _planes.Channel) + taps[row % g.Taps];
        }
    }

    /// <summary>Sums of one panel.</summary>
    private nint PanelSums => (nint)_offsets.Length * _width;

    /// <summary>The gradient of the weights. All dense.</summary>
    public static void Run(ConvolutionGeometry g, T* x, T* gradient, T* weight) =>
        new ConvolutionWeights<T, TTile>(g, x, gradient).Run(weight);

    /// <summary>Whether positions fill registers better than channels of y do: multiplications,
    /// by how well loads keep up with them, and packing.</summary>
    private static bool IsDot(ConvolutionGeometry g)
    {
        var lanes = TTile.Lanes;
        var rows = (double)g.Out[0] * g.Out[1];
        var asChannels = rows * g.Out[2]
            * ((Math.Ceiling((double)g.Outputs / lanes) * g.Inputs * g.Taps * (g.Outputs > lanes ? 1 : 1.3)) + g.Outputs);
        var asDots = rows * Math.Ceiling((double)g.Out[2] / lanes) * g.Outputs * g.Inputs * g.Taps * (g.Outputs > 1 ? 1.6 : 2.7);
        return asDots < asChannels;
    }

    private void Run(T* weight)
    {
        var g = _geometry;
        var sums = _panels * PanelSums;
        var items = g.Batch * _bands;
        var parts = (int)Math.Clamp(MostPartial / (sums * g.Groups), 1, Math.Min(MostParts, items));
        var shares = Math.Min(_tiles, (MostParts + (parts * g.Groups) - 1) / (parts * g.Groups));
        var masks = 3 * TTile.Lanes;
        var block = BlockPool.Rent(((parts * g.Groups * sums) + masks) * sizeof(T));
        var partial = (T*)block.Pointer + masks;
        var steps = _isDot ? Vectors((T*)block.Pointer, _size[2], 1) : Positions();

        // A last band may end within a register too.
        var rest = g.Out[2] % _size[2];
        var last = !_isDot || rest == 0 ? steps : Vectors((T*)block.Pointer, rest, 2);
        Team.Run(parts * g.Groups * shares, g.Work >= Parallel, index =>
        {
            var (unit, share) = (index / shares, index % shares);
            var (part, group) = (unit / g.Groups, unit % g.Groups);
            Part(
                group, steps, last, (int)((long)items * part / parts), (int)((long)items * (part + 1) / parts), (int)((long)_tiles * share / shares),
                (int)((long)_tiles * (share + 1) / shares), partial + (unit * sums));
        });
        Team.Run(g.Groups * _panels, sums * parts * g.Groups >= 1 << 16, index =>
            Collect(partial + (index * PanelSums), sums * g.Groups, parts, index / _panels, index % _panels, weight));
        block.Return();
    }

    /// <summary>Where each position of a band begins in the planes.</summary>
    private nint[] Positions()
    {
        var steps = new nint[_size[0] * _size[1] * _size[2]];
        for (int d = 0, at = 0; d < _size[0]; d++)
        {
            for (var h = 0; h < _size[1]; h++)
            {
                for (var w = 0; w < _size[2]; w++)
                {
                    steps[at++] = _planes.AtOutput(d, h, w);
                }
            }
        }

        return steps;
    }

    /// <summary>Where each register of positions of a band of some width begins in the planes, and which of its lanes count.</summary>
    private nint[] Vectors(T* masks, int width, int ownMask)
    {
        var lanes = TTile.Lanes;
        var tail = masks + (ownMask * lanes);
        new Span<byte>(masks, lanes * sizeof(T)).Fill(byte.MaxValue);
        new Span<byte>(tail, lanes * sizeof(T)).Clear();
        new Span<byte>(tail, width % lanes * sizeof(T)).Fill(byte.MaxValue);
        var steps = new nint[(nint)_size[0] * _size[1] * ((width + lanes - 1) / lanes) * 2];
        for (int d = 0, at = 0; d < _size[0]; d++)
        {
            for (var h = 0; h < _size[1]; h++)
            {
                for (var w = 0; w < width; w += lanes)
                {
                    steps[at++] = _planes.AtOutput(d, h, w);
                    steps[at++] = (nint)(w + lanes > width ? tail : masks);
                }
            }
        }

        return steps;
    }

    /// <summary>Sums over some bands into some tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part(int group, nint[] steps, nint[] last, int first, int end, int firstTile, int endTile, T* sums)
    {
        var g = _geometry;
        var stepLength = _isDot ? 2 : 1;
        var most = Math.Min(steps.Length / stepLength, Math.Max(1, BlockBytes / (_width * sizeof(T))));
        var bytesPlanes = _planes.IsInPlace ? 0 : GemmBuffer.Round((nuint)((_planes.Count + TTile.Lanes) * sizeof(T)));
        var memory = (byte*)GemmBuffer.Rent(bytesPlanes + (nuint)(most * _width * sizeof(T)));
        var packed = (T*)(memory + bytesPlanes);
        Span<int> length = stackalloc int[ConvolutionGeometry.Axes];
        fixed (nint* full = steps, rest = last, offsets = _offsets)
        {
            for (var item = first; item < end; item++)
            {
                var unit = ((nint)(item / _bands) * g.Groups) + group;
                var band = ConvolutionBand.At(item % _bands, _size, g.Out, length);
                var source = _x + (unit * g.Inputs * g.InPlane);
                if (_planes.IsInPlace)
                {
                    source += _planes.AtOutput(band.Depth, band.Height, band.Width);
                }
                else
                {
                    _planes.Fill(source, band, (T*)memory);
                    source = (T*)memory;
                }

                var from = _gradient + (unit * g.Outputs * g.OutPlane) + ((((nint)band.Depth * g.Out[1]) + band.Height) * g.Out[2]) + band.Width;
                var rows = length[0] * length[1];
                var table = length[2] == _size[2] ? full : rest;
                var all = rows * (_isDot ? (length[2] + TTile.Lanes - 1) / TTile.Lanes : length[2]);
                for (int k = 0, depth; k < all; k += depth)
                {
                    depth = Math.Min(most, all - k);
                    var isFresh = item == first && k == 0;
                    for (var panel = 0; panel < _panels; panel++)
                    {
                        var count = Math.Min(_columns, g.Outputs - (panel * _columns));
                        var gradient = from + ((nint)panel * _columns * g.OutPlane);
                        var target = sums + (panel * PanelSums);
                        if (_isDot)
                        {
                            PackRows(gradient, count, length[2], k, depth, packed);
                        }
                        else
                        {
                            GemmPack.Strip(_width, count, depth, gradient + k, g.OutPlane, 1, packed);
                        }

                        for (var tile = firstTile; tile < endTile; tile++)
                        {
                            var row = offsets + (tile * _height);
                            var to = target + ((nint)tile * _height * _width);
                            if (_isDot)
                            {
                                TTile.Multiply<DotOperands>(_height, _registers, depth, source, packed, row, table + (2 * k), isFresh, to);
                            }
                            else
                            {
                                TTile.Multiply<ChannelOperands>(_height, _registers, depth, source, packed, row, table + k, isFresh, to);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Registers of neighbouring positions of some channels, with zeros after the end of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackRows(T* gradient, int count, int inRow, int first, int steps, T* target)
    {
        var lanes = TTile.Lanes;
        var perRow = (inRow + lanes - 1) / lanes;
        for (var s = first; s < first + steps; s++)
        {
            var at = s % perRow * lanes;
            var source = gradient + ((nint)(s / perRow) * inRow) + at;
            var inside = Math.Min(lanes, inRow - at);
            for (var c = 0; c < _registers; c++)
            {
                var filled = c < count ? inside : 0;
                new ReadOnlySpan<T>(source + (c * _geometry.OutPlane), filled).CopyTo(new Span<T>(target, lanes));
                new Span<T>(target + filled, lanes - filled).Clear();
                target += lanes;
            }
        }
    }

    /// <summary>Adds the parts of one panel and puts them in the order of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(T* sums, nint part, int parts, int group, int panel, T* weight)
    {
        for (var p = 1; p < parts; p++)
        {
            var more = sums + (p * part);
            for (nint i = 0; i < PanelSums; i += TTile.Lanes)
            {
                TTile.Add(sums + i, more + i);
            }
        }

        var count = Math.Min(_columns, _geometry.Outputs - (panel * _columns));
        var to = weight + ((((nint)group * _geometry.Outputs) + (panel * _columns)) * _rows);
        if (!_isDot)
        {
            GemmPack.Strip(_rows, _rows, count, sums, _width, 1, to);
            return;
        }

        for (var c = 0; c < count; c++)
        {
            for (var row = 0; row < _rows; row++)
            {
                *to++ = TTile.Sum(sums + ((nint)row * _width) + (c * TTile.Lanes));
            }
        }
    }
}
