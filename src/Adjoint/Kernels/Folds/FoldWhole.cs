using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Reductions of whole numbers. They are exact whatever the order, so that rows and tiles are cut as it suits the threads.</summary>
internal static unsafe class FoldWhole<F, T>
    where F : struct, IFold
    where T : unmanaged, IBinaryInteger<T>
{
    /// <summary>Elements of a row that one thread takes at a time.</summary>
    private const nint Strip = 16 * 1024;

    /// <summary>Neighbouring results that advance together.</summary>
    private const int TileWidth = 256;

    /// <summary>Reduces an array. Results lie densely in the order of the kept dimensions.</summary>
    [SkipLocalsInit]
    public static void Run(F fold, Operand array, ReadOnlySpan<bool> reduced, T* results)
    {
        var kept = FoldDims.Of([array], reduced, wanted: false);
        if (kept.Count == 0)
        {
            return;
        }

        var gone = FoldDims.Of([array], reduced, wanted: true);
        var job = new FoldJob
        {
            Fold = Unsafe.AsPointer(ref fold),
            A = array.Data,
            Results = results,
            Kept = &kept,
            Gone = &gone,
            Threads = kept.Count * gone.Count < Fold.SharedElements ? 1 : Team.MaxThreads,
        };
        if (kept.LastIsDense && !gone.LastIsDense)
        {
            job.Units = kept.Count / kept.LastSize * Tiles(kept);
            FoldJob.Share(ref job, &Columns);
            return;
        }

        if (job.Threads == 1 || kept.Count >= Fold.PartsPerThread * job.Threads)
        {
            job.Units = kept.Count;
            FoldJob.Share(ref job, &Rows);
            return;
        }

        job.Units = gone.Rank > 1 ? gone.Count / gone.LastSize : (gone.Count + Strip - 1) / Strip;
        var partial = stackalloc T[Fold.PartsPerThread * job.Threads];
        job.Branches = partial;
        for (nint i = 0; i < kept.Count; i++)
        {
            kept.Seek(new FoldReads<T> { A = (T*)array.Data }, i, out var reads);
            job.Begin(reads);
            FoldJob.Share(ref job, &Strips);
            results[i] = Row(fold, partial, 1, job.Parts);
        }
    }

    private static nint Tiles(in FoldDims kept) => (kept.LastSize + TileWidth - 1) / TileWidth;

    private static void Rows(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var gone = ref *job->Gone;
        var end = job->First(part + 1);
        var strips = gone.Count / gone.LastSize;
        for (var i = job->First(part); i < end; i++)
        {
            job->Kept->Seek(gone.Along(job->Reads<T>()), i, out var reads);
            ((T*)job->Results)[i] = Sum(Unsafe.AsRef<F>(job->Fold), reads, gone, 0, strips);
        }
    }

    /// <summary>A part of one result.</summary>
    private static void Strips(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var gone = ref *job->Gone;
        var fold = Unsafe.AsRef<F>(job->Fold);
        var reads = gone.Along(job->Reads<T>());
        nint first = job->First(part), end = job->First(part + 1);
        ((T*)job->Branches)[part] = gone.Rank > 1
            ? Sum(fold, reads, gone, first, end)
            : Row(fold, reads.A + (first * Strip * reads.StepA), reads.StepA, Math.Min(end * Strip, gone.Count) - (first * Strip));
    }

    private static T Sum(F fold, in FoldReads<T> reads, in FoldDims gone, nint first, nint end)
    {
        var sum = fold.Unit<Whole<T>>();
        for (; first < end; first++)
        {
            gone.Seek(reads, first * gone.LastSize, out var row);
            sum = fold.Combine(sum, new Whole<T>(Row(fold, row.A, row.StepA, gone.LastSize)));
        }

        return sum.Value;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Row(F fold, T* x, nint step, nint n)
    {
        var sum = fold.Unit<Whole<T>>();
        if (step == 1 && n >= 4 * WholeLane<T>.Count)
        {
            WholeLane<T> a = fold.Unit<WholeLane<T>>(), b = a, c = a, d = a;
            for (; n >= 4 * WholeLane<T>.Count; n -= 4 * WholeLane<T>.Count)
            {
                a = fold.Combine(a, WholeLane<T>.Load(x));
                b = fold.Combine(b, WholeLane<T>.Load(x + WholeLane<T>.Count));
                c = fold.Combine(c, WholeLane<T>.Load(x + (2 * WholeLane<T>.Count)));
                d = fold.Combine(d, WholeLane<T>.Load(x + (3 * WholeLane<T>.Count)));
                x += 4 * WholeLane<T>.Count;
            }

            var lanes = stackalloc T[32];
            WholeLane<T>.Store(fold.Combine(fold.Combine(a, b), fold.Combine(c, d)), lanes);
            for (var i = 0; i < WholeLane<T>.Count; i++)
            {
                sum = fold.Combine(sum, new Whole<T>(lanes[i]));
            }
        }

        for (nint i = 0; i < n; i++)
        {
            sum = fold.Combine(sum, new Whole<T>(x[i * step]));
        }

        return sum.Value;
    }

    private static void Columns(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var gone = ref *job->Gone;
        ref readonly var kept = ref *job->Kept;
        var fold = Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var (outer, tile) = Math.DivRem(i, Tiles(kept));
            var start = tile * TileWidth;
            var width = Math.Min(TileWidth, kept.LastSize - start);
            var results = (T*)job->Results + (outer * kept.LastSize) + start;
            kept.Seek(job->Reads<T>(), (outer * kept.LastSize) + start, out var reads);
            new Span<T>(results, (int)width).Fill(fold.Unit<Whole<T>>().Value);
            for (nint row = 0; row < gone.Count; row++)
            {
                gone.Seek(reads, row, out var at);
                Join(fold, at.A, results, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(F fold, T* x, T* results, nint n)
    {
        nint i = 0;
        for (; i <= n - WholeLane<T>.Count; i += WholeLane<T>.Count)
        {
            WholeLane<T>.Store(fold.Combine(WholeLane<T>.Load(results + i), WholeLane<T>.Load(x + i)), results + i);
        }

        for (; i < n; i++)
        {
            results[i] = fold.Combine(new Whole<T>(results[i]), new Whole<T>(x[i])).Value;
        }
    }
}
