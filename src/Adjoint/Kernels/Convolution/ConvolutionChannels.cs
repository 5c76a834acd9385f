using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>Part of a <see cref="ConvolutionPass{T, TTile}"/> whose lanes are channels of the result.</summary>
internal static unsafe class ConvolutionChannels<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, IConvolutionTile<T>
{
    // So many steps of weights stay in the first-level cache while the tiles of a chunk pass over them.
    private const int Depth = 144;

    // Tiles whose sums stay in the first-level cache too.
    private const int ChunkTiles = 4;

    /// <summary>A band of some images.</summary>
    /// <param name="pass">The convolution.</param>
    /// <param name="grid">Its positions.</param>
    /// <param name="planes">How images are laid out.</param>
    /// <param name="steps">Where each step begins in the planes.</param>
    /// <param name="weights">The packed weights of the group.</param>
    /// <param name="unit">The first image's group of channels.</param>
    /// <param name="units">How many; more than one only without groups.</param>
    /// <param name="band">The first position.</param>
    /// <param name="length">Positions on each axis.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        ConvolutionPass<T, TTile> pass, ConvolutionGrid grid, ConvolutionPlanes planes, nint[] steps, T* weights, int unit, int units,
        ConvolutionBand band, ReadOnlySpan<int> length)
    {
        var all = checked(units * length[0] * length[1] * length[2]);
        var height = ConvolutionPass<T, TTile>.Even(all, TTile.MostRows(pass.Registers));
        var chunk = height * ChunkTiles;
        var width = pass.PanelRows;
        var unitPlanes = planes.IsInPlace ? pass.SourceUnit : planes.Count;
        var bytesPlanes = planes.IsInPlace ? 0 : GemmBuffer.Round((nuint)(units * unitPlanes * sizeof(T)));
        var bytesTable = GemmBuffer.Round((nuint)((nint)(all + height) * sizeof(nint)));
        var memory = (byte*)GemmBuffer.Rent(bytesPlanes + (2 * bytesTable) + (nuint)(chunk * width * sizeof(T)));
        var source = pass.Source + (unit * pass.SourceUnit);
        if (!planes.IsInPlace)
        {
            for (var u = 0; u < units; u++)
            {
                planes.Fill(source + (u * pass.SourceUnit), band, (T*)memory + (u * unitPlanes));
            }

            source = (T*)memory;
        }

        nint* from = (nint*)(memory + bytesPlanes), to = (nint*)(memory + bytesPlanes + bytesTable);
        Locate(grid, planes, band, length, units, unitPlanes, pass.Rows * pass.TargetPlane, from, to);
        for (var i = all; i < all + height; i++)
        {
            from[i] = from[all - 1];
        }

        var sums = (T*)(memory + bytesPlanes + (2 * bytesTable));
        var target = pass.Target + ((nint)unit * pass.Rows * pass.TargetPlane);
        var bias = pass.Bias == null ? null : pass.Bias + (unit % pass.Geometry.Groups * pass.Rows);
        fixed (nint* table = steps)
        {
            for (int first = 0, count; first < all; first += count)
            {
                count = Math.Min(chunk, all - first);
                for (var row = 0; row < pass.Rows; row += width)
                {
                    var panel = weights + ((nint)row * steps.Length);
                    var rows = Math.Min(width, pass.Rows - row);
                    var result = target + (row * pass.TargetPlane);
                    Fetch(result, count, rows, pass.TargetPlane, to + first);
                    var k = 0;
                    do
                    {
                        var depth = Math.Min(Depth, steps.Length - k);
                        for (var i = 0; i < count; i += height)
                        {
                            TTile.Multiply<ChannelOperands>(
                                height, pass.Registers, depth, source, panel + ((nint)k * width), from + first + i, table + k,
                                k == 0, sums + (i * width));
                        }

                        k += depth;
                    }
                    while (k < steps.Length);
                    Give(sums, width, count, rows, bias == null ? null : bias + row, result, pass.TargetPlane, to + first);
                }
            }
        }
    }

    /// <summary>Where each position begins in the planes and in the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Locate(
        ConvolutionGrid grid, ConvolutionPlanes planes, ConvolutionBand band, ReadOnlySpan<int> length, int units,
        nint sourceUnit, nint targetUnit, nint* from, nint* to)
    {
        var start = planes.IsInPlace ? planes.AtOutput(band.Depth, band.Height, band.Width) : 0;
        var result = grid.Start + (band.Depth * grid.Steps[0]) + (band.Height * grid.Steps[1]) + (band.Width * grid.Steps[2]);
        var (stride, step) = (planes.Stride[2], grid.Steps[2]);
        for (var u = 0; u < units; u++)
        {
            for (var d = 0; d < length[0]; d++)
            {
                for (var h = 0; h < length[1]; h++)
                {
                    var source = (u * sourceUnit) + start + planes.AtOutput(d, h, 0);
                    var target = (u * targetUnit) + result + (d * grid.Steps[0]) + (h * grid.Steps[1]);
                    for (var w = 0; w < length[2]; w++)
                    {
                        *from++ = source + (w * stride);
                        *to++ = target + (w * step);
                    }
                }
            }
        }
    }

    /// <summary>Asks for the lines of the result, so that they have arrived when the sums are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fetch(T* target, int count, int rows, nint plane, nint* to)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (var i = 0; i < count; i += 64 / sizeof(T))
        {
            for (var j = 0; j < rows; j++)
            {
                Sse.Prefetch0(target + (j * plane) + to[i]);
            }
        }
    }

    /// <summary>Sums of some positions, channel beside channel, to where they belong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Give(T* sums, int width, int count, int rows, T* bias, T* target, nint plane, nint* to)
    {
        const int side = 4;
        var i = 0;
        while (i < count)
        {
            var from = sums + (i * width);
            var at = target + to[i];
            var j = 0;
            var block = i <= count - side && to[i + side - 1] - to[i] == side - 1 ? side : 1;
            if (sizeof(T) == sizeof(float) && block == side)
            {
                for (; j <= rows - side; j += side)
                {
                    var add = bias == null ? Vector128<float>.Zero : Vector128.Load((float*)(bias + j));
                    Turn((float*)(from + j), width, add, (float*)(at + (j * plane)), plane);
                }
            }

            for (; j < rows; j++)
            {
                var add = bias == null ? T.Zero : bias[j];
                for (var p = 0; p < block; p++)
                {
                    at[(j * plane) + p] = from[(p * width) + j] + add;
                }
            }

            i += block;
        }
    }

    /// <summary>Four positions of four channels, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* from, int width, Vector128<float> bias, float* to, nint plane)
    {
        var (row0, row1) = (Vector128.Load(from) + bias, Vector128.Load(from + width) + bias);
        var (row2, row3) = (Vector128.Load(from + (2 * width)) + bias, Vector128.Load(from + (3 * width)) + bias);
        var low01 = GemmPack.Low(row0, row1).AsDouble();
        var low23 = GemmPack.Low(row2, row3).AsDouble();
        var high01 = GemmPack.High(row0, row1).AsDouble();
        var high23 = GemmPack.High(row2, row3).AsDouble();
        GemmPack.Low(low01, low23).AsSingle().Store(to);
        GemmPack.High(low01, low23).AsSingle().Store(to + plane);
        GemmPack.Low(high01, high23).AsSingle().Store(to + (2 * plane));
        GemmPack.High(high01, high23).AsSingle().Store(to + (3 * plane));
    }
}
