using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Kernels;

/// <summary>
/// Softmax, its logarithm, and the logarithm of the sum alone, of contiguous rows, each row in up to three passes while it lies in the first-level cache: the
/// largest element, the exponentials and their sum, the quotients. Rows are shared among threads; a row's values do not depend on the others.
/// </summary>
internal static unsafe partial class SoftmaxRows
{
    /// <summary>Rows of fewer elements do not fill a register; longer ones need a tree of sums and leave the cache.</summary>
    private const int Shortest = 16;

    private const int Longest = 8192;

    /// <summary>Whether a reduction is of rows that lie side by side and are neither too short nor too long.</summary>
    public static bool Fit(Layout layout, bool[] reduced) =>
        reduced.Length > 0 && reduced.AsSpan().IndexOf(true) == reduced.Length - 1 && layout.IsContiguous
        && layout.Sizes[^1] is >= Shortest and <= Longest;

    /// <summary>Writes the softmax of each row, or the logarithm of it, to where y is.</summary>
    public static void Run<T>(T* x, T* y, nint rows, nint length, bool isLog)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, y, rows, length, isLog, isTotal: false);

    /// <summary>Writes the logarithm of the sum of exponentials of each row, one element after another, to where y is.</summary>
    public static void Totals<T>(T* x, T* y, nint rows, nint length)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, y, rows, length, isLog: true, isTotal: true);

    private static void Run<T>(T* x, T* y, nint rows, nint length, bool isLog, bool isTotal)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows == 0)
        {
            return;
        }

        var threads = rows * length < Fold.SharedElements / 4 ? 1 : Team.MaxThreads;
        var job = new Job
        {
            X = x,
            Y = y,
            Rows = rows,
            Length = length,
            IsLog = isLog,
            IsTotal = isTotal,
            Parts = (int)Math.Min(rows, threads == 1 ? 1 : Fold.PartsPerThread * threads),
        };
        delegate*<void*, int, void> part = Vector512.IsHardwareAccelerated ? &Part<Lane<T, Vector512<T>, Register512<T>>, T>
            : Vector256.IsHardwareAccelerated ? &Part<Lane<T, Vector256<T>, Register256<T>>, T> : &Part<Lane<T, Vector128<T>, Register128<T>>, T>;
        Team.Run(part, &job, job.Parts);
    }

    private static void Part<L, T>(void* context, int part)
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = (Job*)context;
        var end = job->Rows * (part + 1) / job->Parts;
        for (var row = job->Rows * part / job->Parts; row < end; row++)
        {
            T* x = (T*)job->X + (row * job->Length), y = (T*)job->Y + (row * (job->IsTotal ? 1 : job->Length));
            if (job->IsTotal)
            {
                *y = First<L, T>(LogTotal<L, T>(x, job->Length));
            }
            else if (job->IsLog)
            {
                LogRow<L, T>(x, y, job->Length);
            }
            else
            {
                Row<L, T>(x, y, job->Length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<L, T>(T* x, T* y, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var top = Top<L, T>(x, n);
        L a = L.Zero, b = L.Zero;
        nint i = 0;
        for (; i <= n - (2 * L.Count); i += 2 * L.Count)
        {
            var first = L.Call<Exp>(L.Load(x + i) - top);
            var second = L.Call<Exp>(L.Load(x + i + L.Count) - top);
            L.Store(first, y + i);
            L.Store(second, y + i + L.Count);
            a += first;
            b += second;
        }

        while (i < n)
        {
            // The last lanes overlap those before them, which count once.
            var start = Math.Min(i, n - L.Count);
            var last = L.Call<Exp>(L.Load(x + start) - top);
            L.Store(last, y + start);
            a += L.Select(L.First((int)(i - start)), L.Zero, last);
            i = start + L.Count;
        }

        var sum = Total<L, T>(a + b);
        for (i = 0; i <= n - L.Count; i += L.Count)
        {
            L.Store(L.Load(y + i) / sum, y + i);
        }

        if (i < n)
        {
            var start = n - L.Count;
            L.Store(L.Select(L.First((int)(i - start)), L.Load(y + start), L.Load(y + start) / sum), y + start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogRow<L, T>(T* x, T* y, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var total = LogTotal<L, T>(x, n);
        for (nint i = 0; i < n; i += L.Count)
        {
            i = Math.Min(i, n - L.Count);
            L.Store((L.Load(x + i) - total) + (total - total), y + i);
        }
    }

    /// <summary>The logarithm of a row's sum of exponentials, in all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L LogTotal<L, T>(T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var top = Top<L, T>(x, n);
        L a = L.Zero, b = L.Zero;
        nint i = 0;
        for (; i <= n - (2 * L.Count); i += 2 * L.Count)
        {
            a += Shifted<L, T>(x + i, top);
            b += Shifted<L, T>(x + i + L.Count, top);
        }

        while (i < n)
        {
            var start = Math.Min(i, n - L.Count);
            a += L.Select(L.First((int)(i - start)), L.Zero, Shifted<L, T>(x + start, top));
            i = start + L.Count;
        }

        // An infinite largest element is the total, and the row of the logarithm NaN, as in PyTorch.
        var isInfinite = L.Equal(L.Abs(top), L.Of(double.PositiveInfinity));
        return L.Select(isInfinite, top, L.Call<Log>(Total<L, T>(a + b)) + top);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Shifted<L, T>(T* x, L top)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var value = L.Load(x);
        return L.Select(L.Equal(value, top), L.One, L.Call<Exp>(value - top));
    }

    /// <summary>The largest element, in all lanes.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Top<L, T>(T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var a = L.Load(x);
        var b = L.Load(x + n - L.Count);
        for (nint i = 0; i <= n - (2 * L.Count); i += 2 * L.Count)
        {
            a = L.Max(a, L.Load(x + i));
            b = L.Max(b, L.Load(x + i + L.Count));
        }

        if (n >= 2 * L.Count)
        {
            // What is left over is less than two registers, and they may overlap what was seen.
            b = L.Max(b, L.Load(x + n - (2 * L.Count)));
        }

        a = L.Max(a, b);
        for (var width = L.Count / 2; width > 0; width /= 2)
        {
            a = L.Max(a, L.Shift(a, width));
        }

        var lanes = stackalloc T[16];
        L.Store(a, lanes);
        return L.Splat(lanes[0]);
    }

    [SkipLocalsInit]
    private static L Total<L, T>(L sum)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        for (var width = L.Count / 2; width > 0; width /= 2)
        {
            sum += L.Shift(sum, width);
        }

        var lanes = stackalloc T[16];
        L.Store(sum, lanes);
        return L.Splat(lanes[0]);
    }

    [SkipLocalsInit]
    private static T First<L, T>(L value)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var lanes = stackalloc T[16];
        L.Store(value, lanes);
        return lanes[0];
    }

    private struct Job
    {
        public void* X;
        public void* Y;
        public nint Rows;
        public nint Length;
        public bool IsLog;
        public bool IsTotal;
        public int Parts;
    }
}
