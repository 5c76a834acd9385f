using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// Where the largest element of each window of one channel is: the first of several equal ones, and the last NaN if there is one. Neighbouring
/// windows are compared lane by lane, because a branch for each element is predicted badly.
/// </summary>
internal static unsafe class PoolPositions<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static int Lanes => Vector128<T>.Count;

    /// <summary>All windows of a channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(PoolAxis[] axes, T* x, long* positions)
    {
        var (depth, height, width) = (axes[0], axes[1], axes[2]);
        nint row = width.In, slab = row * height.In;
        var count = width.Out;
        var (first, end) = (width.FirstWhole, width.EndWhole);

        // Lanes of the narrower type hold positions of 32 bits.
        if (end - first < Lanes || slab * depth.In > int.MaxValue)
        {
            first = end = count;
        }

        for (var d = 0; d < depth.Out; d++)
        {
            for (var h = 0; h < height.Out; h++)
            {
                for (var w = 0; w < first; w++)
                {
                    positions[w] = One(axes, d, h, w, row, slab, x);
                }

                // The last block is moved back so that it is full; what it finds again is the same.
                for (var w = first; w < end; w += Lanes)
                {
                    var at = Math.Min(w, end - Lanes);
                    Several(axes, d, h, at, (int)row, (int)slab, x, positions + at);
                }

                for (var w = end; w < count; w++)
                {
                    positions[w] = One(axes, d, h, w, row, slab, x);
                }

                positions += count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long One(PoolAxis[] axes, int d, int h, int w, nint row, nint slab, T* x)
    {
        var (depth, height, width) = (axes[0], axes[1], axes[2]);
        var best = T.NegativeInfinity;
        var at = (depth.Starts[d] * slab) + (height.Starts[h] * row) + width.Starts[w];
        for (var i = depth.Starts[d]; i < depth.Ends[d]; i += depth.Step)
        {
            for (var j = height.Starts[h]; j < height.Ends[h]; j += height.Step)
            {
                var line = (i * slab) + (j * row);
                for (var k = width.Starts[w]; k < width.Ends[w]; k += width.Step)
                {
                    var value = x[line + k];
                    if (value > best || T.IsNaN(value))
                    {
                        best = value;
                        at = line + k;
                    }
                }
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Several(PoolAxis[] axes, int d, int h, int w, int row, int slab, T* x, long* positions)
    {
        var (depth, height, width) = (axes[0], axes[1], axes[2]);
        int stride = width.Stride, startW = width.Starts[w], reach = width.Ends[w] - startW;
        var origin = (depth.Starts[d] * slab) + (height.Starts[h] * row) + startW;
        var best = Vector128.Create(T.NegativeInfinity);
        var lanes = Numbers(stride);
        var at = Add(lanes, origin);
        for (var i = depth.Starts[d]; i < depth.Ends[d]; i += depth.Step)
        {
            for (var j = height.Starts[h]; j < height.Ends[h]; j += height.Step)
            {
                var line = (i * slab) + (j * row) + startW;
                for (var k = 0; k < reach; k += width.Step)
                {
                    var value = Load(x + line + k, stride);
                    var isBetter = Vector128.GreaterThan(value, best) | ~Vector128.Equals(value, value);
                    best = Vector128.ConditionalSelect(isBetter, value, best);
                    at = Vector128.ConditionalSelect(isBetter, Add(lanes, line + k), at);
                }
            }
        }

        if (sizeof(T) == sizeof(float))
        {
            var (low, high) = Vector128.Widen(at.AsInt32());
            low.Store(positions);
            high.Store(positions + 2);
        }
        else
        {
            at.AsInt64().Store(positions);
        }
    }

    /// <summary>Whole numbers as wide as an element, a stride apart from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Numbers(int stride) => sizeof(T) == sizeof(float)
        ? (Vector128.Create(0, 1, 2, 3) * stride).As<int, T>()
        : Vector128.Create(0, (long)stride).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Add(Vector128<T> numbers, int number) => sizeof(T) == sizeof(float)
        ? (numbers.AsInt32() + Vector128.Create(number)).As<int, T>()
        : (numbers.AsInt64() + Vector128.Create((long)number)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Load(T* source, int stride) =>
        stride == 1 ? Vector128.Load(source)
        : stride == 2 && sizeof(T) == sizeof(float) && Sse.IsSupported
            ? Sse.Shuffle(Vector128.Load((float*)source), Vector128.Load((float*)source + 3), 0b11_01_10_00).As<float, T>()
        : sizeof(T) == sizeof(float)
            ? Vector128.Create(
                ((float*)source)[0], ((float*)source)[stride], ((float*)source)[2 * stride], ((float*)source)[3 * stride]).As<float, T>()
            : Vector128.Create(((double*)source)[0], ((double*)source)[stride]).As<double, T>();
}
