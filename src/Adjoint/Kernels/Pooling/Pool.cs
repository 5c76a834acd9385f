using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// Pools over three axes of dense images, each channel on its own; fewer axes have leading ones of size 1. Channels are shared out to threads.
/// </summary>
internal static unsafe class Pool
{
    private const long Parallel = 1 << 15;

    /// <summary>Where in its channel the largest element of each window is; the last NaN if there is one.</summary>
    public static void Positions<T>(PoolAxis[] axes, nint channels, T* x, long* positions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (from, to) = (Count(axes, a => a.In), Count(axes, a => a.Out));
        Split(channels, to, part =>
        {
            for (var c = part.First; c < part.End; c++)
            {
                PoolPositions<T>.Run(axes, x + (c * from), positions + (c * to));
            }
        });
    }

    /// <summary>The elements at positions in their channels.</summary>
    public static void Pick<T>(nint channels, nint from, nint to, T* x, long* positions, T* y)
        where T : unmanaged => Split(channels, to, part => Pick(from, to, x, positions, y, part.First, part.End));

    /// <summary>Adds elements at positions in their channels to zeros.</summary>
    public static void Put<T>(nint channels, nint from, nint to, T* x, long* positions, T* y)
        where T : unmanaged, INumber<T> => Split(channels, to, part => Put(from, to, x, positions, y, part.First, part.End));

    /// <summary>Writes elements to positions in their channels of zeros; of several at one position the last one stays.</summary>
    public static void Set<T>(nint channels, nint from, nint to, T* x, long* positions, T* y)
        where T : unmanaged, INumber<T> => Split(channels, to, part => Set(from, to, x, positions, y, part.First, part.End));

    /// <summary>The mean of each window: its sum divided by a number, by its size with padding, or by what it sees.</summary>
    public static void Average<T>(PoolAxis[] axes, bool includesPadding, int? divisor, nint channels, T* x, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (from, to) = (Count(axes, a => a.In), Count(axes, a => a.Out));
        var shares = Shares<T>(axes, includesPadding, divisor);
        Split(channels, to, part =>
        {
            for (var c = part.First; c < part.End; c++)
            {
                Average(axes, shares, x + (c * from), y + (c * to));
            }
        });
    }

    /// <summary>The transpose of <see cref="Average{T}(PoolAxis[], bool, int?, nint, T*, T*)"/>:
    /// each element in equal shares to its window.</summary>
    public static void Spread<T>(PoolAxis[] axes, bool includesPadding, int? divisor, nint channels, T* y, T* x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (to, from) = (Count(axes, a => a.In), Count(axes, a => a.Out));
        var shares = Shares<T>(axes, includesPadding, divisor);
        Split(channels, to, part =>
        {
            for (var c = part.First; c < part.End; c++)
            {
                Spread(axes, shares, y + (c * from), x + (c * to));
            }
        });
    }

    /// <summary>Elements of one channel of the image.</summary>
    public static nint Inputs(PoolAxis[] axes) => Count(axes, static a => a.In);

    /// <summary>Windows of one channel.</summary>
    public static nint Outputs(PoolAxis[] axes) => Count(axes, static a => a.Out);

    private static nint Count(PoolAxis[] axes, Func<PoolAxis, int> size) => (nint)size(axes[0]) * size(axes[1]) * size(axes[2]);

    private static void Split(nint channels, nint each, Action<(nint First, nint End)> work)
    {
        var parts = (int)Math.Min(channels, 16);
        Team.Run(
            parts, channels * (long)each >= Parallel, part => work((channels * part / parts, channels * (part + 1) / parts)));
    }

    /// <summary>What each window's sum is multiplied with.</summary>
    private static T[] Shares<T>(PoolAxis[] axes, bool includesPadding, int? divisor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = Outputs(axes);
        if (count > Array.MaxLength)
        {
            throw new ShapeException($"a pool has at most {Array.MaxLength} windows in a channel, not {count}. Cut the images.");
        }

        var shares = new T[count];
        var next = 0;
        for (var d = 0; d < axes[0].Out; d++)
        {
            for (var h = 0; h < axes[1].Out; h++)
            {
                for (var w = 0; w < axes[2].Out; w++)
                {
                    var size = divisor ?? (includesPadding
                        ? (long)axes[0].Sizes[d] * axes[1].Sizes[h] * axes[2].Sizes[w]
                        : (long)(axes[0].Ends[d] - axes[0].Starts[d])
                            * (axes[1].Ends[h] - axes[1].Starts[h])
                            * (axes[2].Ends[w] - axes[2].Starts[w]));
                    shares[next++] = T.CreateChecked(size);
                }
            }
        }

        return shares;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pick<T>(nint from, nint to, T* x, long* positions, T* y, nint first, nint end)
        where T : unmanaged
    {
        for (var c = first; c < end; c++)
        {
            T* source = x + (c * from), target = y + (c * to);
            var at = positions + (c * to);
            for (nint i = 0; i < to; i++)
            {
                target[i] = (ulong)at[i] < (ulong)from ? source[at[i]] : throw Outside(at[i], from);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put<T>(nint from, nint to, T* x, long* positions, T* y, nint first, nint end)
        where T : unmanaged, INumber<T>
    {
        for (var c = first; c < end; c++)
        {
            T* source = x + (c * to), target = y + (c * from);
            var at = positions + (c * to);
            NativeMemory.Clear(target, (nuint)from * (nuint)sizeof(T));
            for (nint i = 0; i < to; i++)
            {
                if ((ulong)at[i] >= (ulong)from)
                {
                    throw Outside(at[i], from);
                }

                target[at[i]] += source[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Set<T>(nint from, nint to, T* x, long* positions, T* y, nint first, nint end)
        where T : unmanaged, INumber<T>
    {
        for (var c = first; c < end; c++)
        {
            T* source = x + (c * to), target = y + (c * from);
            var at = positions + (c * to);
            NativeMemory.Clear(target, (nuint)from * (nuint)sizeof(T));
            for (nint i = 0; i < to; i++)
            {
                target[(ulong)at[i] < (ulong)from ? (nint)at[i] : throw Outside(at[i], from)] = source[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Average<T>(PoolAxis[] axes, T[] shares, T* x, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (depth, height, width) = (axes[0], axes[1], axes[2]);
        nint row = width.In, slab = row * height.In, next = 0;
        for (var d = 0; d < depth.Out; d++)
        {
            for (var h = 0; h < height.Out; h++)
            {
                for (var w = 0; w < width.Out; w++)
                {
                    var sum = T.Zero;
                    for (var i = depth.Starts[d]; i < depth.Ends[d]; i++)
                    {
                        for (var j = height.Starts[h]; j < height.Ends[h]; j++)
                        {
                            for (var k = width.Starts[w]; k < width.Ends[w]; k++)
                            {
                                sum += x[(i * slab) + (j * row) + k];
                            }
                        }
                    }

                    y[next] = T.IsZero(sum) ? T.Zero : sum / shares[next];
                    next++;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<T>(PoolAxis[] axes, T[] shares, T* y, T* x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (depth, height, width) = (axes[0], axes[1], axes[2]);
        nint row = width.In, slab = row * height.In, next = 0;
        NativeMemory.Clear(x, (nuint)(slab * depth.In) * (nuint)sizeof(T));
        for (var d = 0; d < depth.Out; d++)
        {
            for (var h = 0; h < height.Out; h++)
            {
                for (var w = 0; w < width.Out; w++)
                {
                    var share = y[next] / shares[next];
                    next++;
                    for (var i = depth.Starts[d]; i < depth.Ends[d]; i++)
                    {
                        for (var j = height.Starts[h]; j < height.Ends[h]; j++)
                        {
                            for (var k = width.Starts[w]; k < width.Ends[w]; k++)
                            {
                                x[(i * slab) + (j * row) + k] += share;
                            }
                        }
                    }
                }
            }
        }
    }

    private static TensorIndexException Outside(long position, nint size) =>
        new($"found an invalid max index: {position} (channels have {size} elements)");
}
