using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

// Resampling is a product of one sparse matrix for each axis, and so is its transpose: the loops below know matrices only.
//
// The depth, if there is one, is combined first, plane by plane. Then each row of the result is made in two steps: the rows that it comes from are
// combined with vector instructions into one row, which stays in the first cache, and from that the last axis takes its terms one by one. So a
// bilinear output costs two terms and not four, and no image in between goes to memory. Rows are shared out to threads; each row has one order of
// sums whoever computes it.

/// <summary>Resamples dense images along up to three axes.</summary>
internal static unsafe class Resampler<T>
    where T : unmanaged, INumberBase<T>
{
    private const long Parallel = 1 << 14;
    private const int MostParts = 32;

    /// <summary>Applies the matrices of depth, height and width; null leaves an axis of size 1 as it is.</summary>
    public static void Run(AxisMatrix<T>? depth, AxisMatrix<T>? height, AxisMatrix<T> width, nint planes, T* x, T* y)
    {
        var rows = height?.Columns ?? 1;
        if (depth is null)
        {
            Rows(height, width, planes, x, y);
            return;
        }

        var size = (nint)rows * width.Columns;
        var between = (T*)NativeMemory.Alloc((nuint)(planes * depth.Rows * size), (nuint)sizeof(T));
        try
        {
            Split(planes * depth.Rows, size, (first, end) =>
            {
                for (var plane = first; plane < end; plane++)
                {
                    var source = x + (plane / depth.Rows * depth.Columns * size);
                    Combine(depth, (int)(plane % depth.Rows), source, size, between + (plane * size));
                }
            });
            Rows(height, width, planes * depth.Rows, between, y);
        }
        finally
        {
            NativeMemory.Free(between);
        }
    }

    private static void Rows(AxisMatrix<T>? height, AxisMatrix<T> width, nint planes, T* x, T* y)
    {
        var (rows, outs, length) = (height?.Columns ?? 1, height?.Rows ?? 1, width.Columns);
        Split(planes * outs, width.Rows, (first, end) =>
        {
            var combined = (T*)NativeMemory.Alloc((nuint)length, (nuint)sizeof(T));
            try
            {
                for (var row = first; row < end; row++)
                {
                    var plane = x + (row / outs * rows * length);
                    var source = plane;
                    if (height is not null)
                    {
                        Combine(height, (int)(row % outs), plane, length, combined);
                        source = combined;
                    }

                    Take(width, source, y + (row * width.Rows));
                }
            }
            finally
            {
                NativeMemory.Free(combined);
            }
        });
    }

    private static void Split(nint count, nint each, Action<nint, nint> work)
    {
        var parts = (int)Math.Min(count, MostParts);
        Team.Run(parts, count * (long)each >= Parallel, part => work(count * part / parts, count * (part + 1) / parts));
    }

    /// <summary>One row of the result of a matrix whose inputs are rows.</summary>
    private static void Combine(AxisMatrix<T> matrix, int row, T* rows, nint length, T* result)
    {
        var (at, end) = (matrix.Starts[row], matrix.Starts[row + 1]);
        if (at == end)
        {
            NativeMemory.Clear(result, (nuint)length * (nuint)sizeof(T));
            return;
        }

        var (inputs, weights) = (matrix.Inputs, matrix.Weights);
        if (end - at == 1)
        {
            Scale(rows + (inputs[at] * length), weights[at], length, result);
            return;
        }

        Blend(rows + (inputs[at] * length), weights[at], rows + (inputs[at + 1] * length), weights[at + 1], length, result);
        for (at += 2; at < end; at++)
        {
            Blend(result, T.One, rows + (inputs[at] * length), weights[at], length, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(T* a, T p, nint length, T* result)
    {
        nint i = 0;
        for (var vp = new Vector<T>(p); i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            (Unsafe.ReadUnaligned<Vector<T>>(a + i) * vp).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = a[i] * p;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend(T* a, T p, T* b, T q, nint length, T* result)
    {
        nint i = 0;
        var (vp, vq) = (new Vector<T>(p), new Vector<T>(q));
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            ((Unsafe.ReadUnaligned<Vector<T>>(a + i) * vp) + (Unsafe.ReadUnaligned<Vector<T>>(b + i) * vq)).Store(result + i);
        }

        for (; i < length; i++)
        {
            result[i] = (a[i] * p) + (b[i] * q);
        }
    }

    /// <summary>A matrix times a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take(AxisMatrix<T> matrix, T* x, T* y)
    {
        var count = matrix.Rows;
        fixed (int* starts = matrix.Starts, inputs = matrix.Inputs)
        {
            fixed (T* weights = matrix.Weights)
            {
                if (matrix.IsOfPairs)
                {
                    for (var i = 0; i < count; i++)
                    {
                        y[i] = (x[inputs[2 * i]] * weights[2 * i]) + (x[inputs[(2 * i) + 1]] * weights[(2 * i) + 1]);
                    }

                    return;
                }

                var at = 0;
                for (var i = 0; i < count; i++)
                {
                    var sum = T.Zero;
                    for (var end = starts[i + 1]; at < end; at++)
                    {
                        sum += x[inputs[at]] * weights[at];
                    }

                    y[i] = sum;
                }
            }
        }
    }
}

/// <summary>Takes elements of dense images along up to three axes, whatever they are.</summary>
/// <typeparam name="T">An unsigned number of the element's size.</typeparam>
internal static unsafe class AxisPicker<T>
    where T : unmanaged
{
    private const long Parallel = 1 << 16;
    private const int MostParts = 32;

    /// <summary>Picks elements by the inputs that each output of an axis is.</summary>
    public static void Run(int[] sizes, int[] depth, int[] height, int[] width, nint planes, T* x, T* y)
    {
        nint outs = (nint)depth.Length * height.Length, size = (nint)sizes[0] * sizes[1] * sizes[2];
        var count = planes * outs;
        var parts = (int)Math.Min(count, MostParts);
        var (begin, length) = Run(width);
        Team.Run(parts, count * (long)width.Length >= Parallel, part =>
        {
            for (var row = count * part / parts; row < count * (part + 1) / parts; row++)
            {
                var (d, h) = ((int)(row % outs / height.Length), (int)(row % height.Length));
                var source = x + (row / outs * size) + ((((nint)depth[d] * sizes[1]) + height[h]) * sizes[2]);
                Row(width, begin, length, source, y + (row * width.Length));
            }
        });
    }

    /// <summary>The longest run of neighbours, which is copied as a piece.</summary>
    private static (int Begin, int Length) Run(int[] width)
    {
        var (begin, length, start) = (0, 0, 0);
        for (var i = 1; i <= width.Length; i++)
        {
            if (i < width.Length && width[i] == width[i - 1] + 1)
            {
                continue;
            }

            (begin, length) = i - start > length ? (start, i - start) : (begin, length);
            start = i;
        }

        return (begin, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(int[] width, int begin, int length, T* x, T* y)
    {
        for (var i = 0; i < begin; i++)
        {
            y[i] = x[width[i]];
        }

        if (length > 0)
        {
            Buffer.MemoryCopy(x + width[begin], y + begin, (long)length * sizeof(T), (long)length * sizeof(T));
        }

        for (var i = begin + length; i < width.Length; i++)
        {
            y[i] = x[width[i]];
        }
    }
}
