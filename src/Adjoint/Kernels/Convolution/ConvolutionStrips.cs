using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// Part of a <see cref="ConvolutionPass{T, TTile}"/> whose lanes are positions. Strips of neighbouring positions run over whole rows of the planes,
/// the margin between rows included; what is computed there is dropped when a strip is copied to the result.
/// </summary>
internal static unsafe class ConvolutionStrips<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, IConvolutionTile<T>
{
    /// <summary>A band of one image's group of channels.</summary>
    /// <param name="pass">The convolution.</param>
    /// <param name="grid">Its positions.</param>
    /// <param name="planes">How images are laid out.</param>
    /// <param name="steps">Where each step begins in the planes.</param>
    /// <param name="weights">The packed weights of the group.</param>
    /// <param name="unit">The image's group of channels.</param>
    /// <param name="band">The first position.</param>
    /// <param name="length">Positions on each axis.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        ConvolutionPass<T, TTile> pass, ConvolutionGrid grid, ConvolutionPlanes planes, nint[] steps, T* weights, int unit, ConvolutionBand band,
        ReadOnlySpan<int> length)
    {
        var (height, width) = (pass.PanelRows, pass.Registers * TTile.Lanes);
        var bytesPlanes = GemmBuffer.Round((nuint)((planes.Count + width) * sizeof(T)));
        var memory = (byte*)GemmBuffer.Rent(bytesPlanes + (nuint)(height * width * sizeof(T)));
        var source = (T*)memory;
        var tile = (T*)(memory + bytesPlanes);
        planes.Fill(pass.Source + (unit * pass.SourceUnit), band, source);
        new Span<T>(source + planes.Count, width).Clear();
        var segments = stackalloc Segment[width];
        var target = pass.Target + ((nint)unit * pass.Rows * pass.TargetPlane) + grid.Start
            + (band.Depth * grid.Steps[0]) + (band.Height * grid.Steps[1]) + (band.Width * grid.Steps[2]);
        var bias = pass.Bias == null ? null : pass.Bias + (unit % pass.Geometry.Groups * pass.Rows);
        var positions = ((length[1] - 1) * planes.Row) + length[2];

        // Without margins all rows are one.
        var isOne = planes.Row == length[2] && grid.Steps[1] == planes.Row && grid.Steps[2] == 1;
        var (inPlanes, inside) = isOne ? (positions, positions) : (planes.Row, length[2]);
        fixed (nint* table = steps)
        {
            for (var d = 0; d < length[0]; d++)
            {
                int h = 0, w = 0;
                for (var q = 0; q < positions; q += width)
                {
                    var count = Cut(grid, inPlanes, inside, Math.Min(width, positions - q), ref h, ref w, segments);
                    var from = source + (d * planes.Slab) + q;
                    for (var row = 0; count > 0 && row < pass.Rows; row += height)
                    {
                        TTile.Multiply<PositionOperands>(
                            height, pass.Registers, steps.Length, weights + ((nint)row * steps.Length), from, null, table, true, tile);
                        var to = target + (d * grid.Steps[0]) + (row * pass.TargetPlane);
                        for (var i = 0; i < Math.Min(height, pass.Rows - row); i++)
                        {
                            Give(
                                tile + (i * width), segments, count,
                                bias == null ? T.Zero : bias[row + i], to + (i * pass.TargetPlane), grid.Steps[2]);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The parts of a strip that lie inside the rows of the result; the strip begins at a row and column, which move to its end.</summary>
    private static int Cut(ConvolutionGrid grid, int row, int inside, int columns, ref int h, ref int w, Segment* segments)
    {
        var count = 0;
        for (var at = 0; at < columns;)
        {
            var run = Math.Min(inside - w, columns - at);
            if (run > 0)
            {
                segments[count++] = new Segment { From = at, Length = run, To = (h * grid.Steps[1]) + (w * grid.Steps[2]) };
            }

            var passed = Math.Min(row - w, columns - at);
            at += passed;
            w += passed;
            if (w == row)
            {
                (h, w) = (h + 1, 0);
            }
        }

        return count;
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
            var length = segments[s].Length;
            if (step == 1 && length >= Vector256<T>.Count)
            {
                for (var j = 0; j < length - Vector256<T>.Count; j += Vector256<T>.Count)
                {
                    (Vector256.Load(from + j) + all).Store(to + j);
                }

                // The last register once more from the end.
                var last = length - Vector256<T>.Count;
                (Vector256.Load(from + last) + all).Store(to + last);
                continue;
            }

            for (var j = 0; j < length; j++)
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
