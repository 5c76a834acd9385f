using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Kernels;

/// <summary>
/// Softmax, its logarithm, and the logarithm of the sum alone with its gradient, of contiguous rows, each row in up to three passes while it lies in
/// the first-level cache: the largest element, the exponentials and their sum, the quotients. Rows are shared among threads;
/// a row's values do not depend on the others.
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

    /// <summary>Writes the softmax of each row to where y is: NaN for rows of negative infinities, or zeros if it is safe.</summary>
    public static void Run<T>(T* x, T* y, nint rows, nint length, bool isSafe)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, null, null, y, rows, length, isSafe ? Result.SafeShares : Result.Shares);

    /// <summary>Writes the logarithm of the softmax of each row to where y is.</summary>
    public static void Logarithms<T>(T* x, T* y, nint rows, nint length)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, null, null, y, rows, length, Result.Logarithms);

    /// <summary>Writes the logarithm of the sum of exponentials of each row, one element after another, to where y is.</summary>
    public static void Totals<T>(T* x, T* y, nint rows, nint length)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, null, null, y, rows, length, Result.Totals);

    /// <summary>Writes the gradient of <see cref="Totals"/>, of which these are the results, to where y is:
    /// each row's softmax times its element of g.</summary>
    public static void Slopes<T>(T* x, T* totals, T* g, T* y, nint rows, nint length)
        where T : unmanaged, IFloatingPointIeee754<T> => Run(x, totals, g, y, rows, length, Result.Slopes);

    private static void Run<T>(T* x, T* totals, T* g, T* y, nint rows, nint length, Result result)
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
            Totals = totals,
            G = g,
            Y = y,
            Rows = rows,
            Length = length,
            Result = result,
            Parts = (int)Math.Min(rows, threads == 1 ? 1 : Fold.PartsPerThread * threads),
        };
        var part = default(PartOfWidth<T>);
        Width.Run<PartOfWidth<T>, T>(ref part);
        Team.Run(part.Pointer, &job, job.Parts);
    }

    private static void Part<L, T>(void* context, int part)
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = (Job*)context;
        var n = job->Length;
        var end = job->Rows * (part + 1) / job->Parts;
        for (var row = job->Rows * part / job->Parts; row < end; row++)
        {
            T* x = (T*)job->X + (row * n), y = (T*)job->Y + (row * n);
            switch (job->Result)
            {
                case Result.Totals:
                    ((T*)job->Y)[row] = First<L, T>(RowTotal<L, T>(x, n));
                    break;
                case Result.Logarithms:
                    LogRow<L, T>(x, y, n);
                    break;
                case Result.Slopes:
                    Row<L, T>(x, y, n, (T*)job->Totals + row, isSafe: false);
                    Scale<L, T>(y, n, ((T*)job->G)[row]);
                    break;
                default:
                    Row<L, T>(x, y, n, null, job->Result == Result.SafeShares);
                    break;
            }
        }
    }

    /// <summary>Shares, shifted by the row's total where that is known, and else by its largest element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<L, T>(T* x, T* y, nint n, T* total, bool isSafe)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // A finite total keeps what lies below infinity: 0, and not NaN, as in PyTorch.
        var top = total == null ? Top<L, T>(x, n) : Finite<L, T>(L.Splat(*total));
        if (isSafe && L.Any(L.Equal(top, L.Of(double.NegativeInfinity))))
        {
            new Span<T>(y, (int)n).Clear();
            return;
        }

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
    private static void Scale<L, T>(T* y, nint n, T by)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var factor = L.Splat(by);
        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            L.Store(L.Load(y + i) * factor, y + i);
        }

        if (i < n)
        {
            var start = n - L.Count;
            L.Store(L.Select(L.First((int)(i - start)), L.Load(y + start), L.Load(y + start) * factor), y + start);
        }
    }

    /// <summary>
    /// The largest element comes off first and the logarithm of the sum after it: their sum would round the logarithm away where elements are large.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogRow<L, T>(T* x, T* y, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var top = Top<L, T>(x, n);
        var log = LogSum<L, T>(x, n, top);
        for (nint i = 0; i < n; i += L.Count)
        {
            i = Math.Min(i, n - L.Count);
            L.Store((L.Load(x + i) - top) - log, y + i);
        }
    }

    /// <summary>The logarithm of a row's sum of exponentials, in all lanes; an infinite largest element is the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L RowTotal<L, T>(T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var top = Top<L, T>(x, n);
        var isInfinite = L.Equal(L.Abs(top), L.Of(double.PositiveInfinity));
        return L.Select(isInfinite, top, LogSum<L, T>(x, n, top) + top);
    }

    /// <summary>The logarithm of the sum of exponentials of a row's distances from its largest element, in all lanes;
    /// NaN where that is infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L LogSum<L, T>(T* x, nint n, L top)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        L a = L.Zero, b = L.Zero;
        nint i = 0;
        for (; i <= n - (2 * L.Count); i += 2 * L.Count)
        {
            a += L.Call<Exp>(L.Load(x + i) - top);
            b += L.Call<Exp>(L.Load(x + i + L.Count) - top);
        }

        while (i < n)
        {
            var start = Math.Min(i, n - L.Count);
            a += L.Select(L.First((int)(i - start)), L.Zero, L.Call<Exp>(L.Load(x + start) - top));
            i = start + L.Count;
        }

        return L.Call<Log>(Total<L, T>(a + b));
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

    /// <summary>The nearest finite number; NaN stays NaN.</summary>
    private static L Finite<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var largest = L.Of(Precision.IsSingle<T>() ? float.MaxValue : double.MaxValue);
        return L.Clamp(x, -largest, largest);
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

    /// <summary>What becomes of a row.</summary>
    private enum Result
    {
        Shares,
        SafeShares,
        Logarithms,
        Totals,
        Slopes,
    }

    private struct Job
    {
        public void* X;
        public void* Totals;
        public void* G;
        public void* Y;
        public nint Rows;
        public nint Length;
        public Result Result;
        public int Parts;
    }

    /// <summary><see cref="Part"/> for the processor's registers.</summary>
    private struct PartOfWidth<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public delegate*<void*, int, void> Pointer;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Pointer = &Part<Lane<T, R, G>, T>;
    }
}
