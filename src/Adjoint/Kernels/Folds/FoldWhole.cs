using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions of whole numbers. They are exact whatever the order, so that rows and tiles are cut as it suits the threads. Narrow elements are
/// widened as they are read, so that a sum of bytes needs no memory for its input in another dtype.
/// </summary>
/// <typeparam name="F">What to do.</typeparam>
/// <typeparam name="T">What is read: <see cref="byte"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
/// <typeparam name="A">What is computed with: the same, or <see cref="long"/>.</typeparam>
internal static unsafe class FoldWhole<F, T, A>
    where F : struct, IFold
    where T : unmanaged, IBinaryInteger<T>
    where A : unmanaged, IBinaryInteger<A>
{
    /// <summary>Elements of a row that one thread takes at a time.</summary>
    private const nint Strip = 16 * 1024;

    /// <summary>Neighbouring results that advance together.</summary>
    private const int TileWidth = 256;

    /// <summary>Reduces an array. Results lie densely in the order of the kept dimensions.</summary>
    [SkipLocalsInit]
    public static void Run(F fold, Operand array, ReadOnlySpan<bool> reduced, A* results)
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
        var partial = stackalloc A[Fold.PartsPerThread * job.Threads];
        job.Branches = partial;
        for (nint i = 0; i < kept.Count; i++)
        {
            kept.Seek(new FoldReads<T> { A = (T*)array.Data }, i, out var reads);
            job.Begin(reads);
            FoldJob.Share(ref job, &Strips);
            results[i] = FoldWhole<F, A, A>.Row(fold, partial, 1, job.Parts);
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
            ((A*)job->Results)[i] = Sum(Unsafe.AsRef<F>(job->Fold), reads, gone, 0, strips);
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
        ((A*)job->Branches)[part] = gone.Rank > 1
            ? Sum(fold, reads, gone, first, end)
            : Row(fold, reads.A + (first * Strip * reads.StepA), reads.StepA, Math.Min(end * Strip, gone.Count) - (first * Strip));
    }

    private static A Sum(F fold, in FoldReads<T> reads, in FoldDims gone, nint first, nint end)
    {
        var sum = fold.Unit<Whole<A>>();
        for (; first < end; first++)
        {
            gone.Seek(reads, first * gone.LastSize, out var row);
            sum = fold.Combine(sum, new Whole<A>(Row(fold, row.A, row.StepA, gone.LastSize)));
        }

        return sum.Value;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static A Row(F fold, T* x, nint step, nint n)
    {
        var sum = fold.Unit<Whole<A>>();
        if (step == 1 && n >= 4 * WholeLane<A>.Count)
        {
            WholeLane<A> a = fold.Unit<WholeLane<A>>(), b = a, c = a, d = a;
            for (; n >= 4 * WholeLane<A>.Count; n -= 4 * WholeLane<A>.Count)
            {
                a = fold.Combine(a, Load(x));
                b = fold.Combine(b, Load(x + WholeLane<A>.Count));
                c = fold.Combine(c, Load(x + (2 * WholeLane<A>.Count)));
                d = fold.Combine(d, Load(x + (3 * WholeLane<A>.Count)));
                x += 4 * WholeLane<A>.Count;
            }

            var lanes = stackalloc A[32];
            WholeLane<A>.Store(fold.Combine(fold.Combine(a, b), fold.Combine(c, d)), lanes);
            for (var i = 0; i < WholeLane<A>.Count; i++)
            {
                sum = fold.Combine(sum, new Whole<A>(lanes[i]));
            }
        }

        for (nint i = 0; i < n; i++)
        {
            sum = fold.Combine(sum, new Whole<A>(A.CreateTruncating(x[i * step])));
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
            var results = (A*)job->Results + (outer * kept.LastSize) + start;
            kept.Seek(job->Reads<T>(), (outer * kept.LastSize) + start, out var reads);
            new Span<A>(results, (int)width).Fill(fold.Unit<Whole<A>>().Value);
            for (nint row = 0; row < gone.Count; row++)
            {
                gone.Seek(reads, row, out var at);
                Join(fold, at.A, results, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(F fold, T* x, A* results, nint n)
    {
        nint i = 0;
        for (; i <= n - WholeLane<A>.Count; i += WholeLane<A>.Count)
        {
            WholeLane<A>.Store(fold.Combine(WholeLane<A>.Load(results + i), Load(x + i)), results + i);
        }

        for (; i < n; i++)
        {
            results[i] = fold.Combine(new Whole<A>(results[i]), new Whole<A>(A.CreateTruncating(x[i]))).Value;
        }
    }

    /// <summary>As many elements as a lane of the wider type has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static WholeLane<A> Load(T* x)
    {
        if (typeof(T) == typeof(A))
        {
            return WholeLane<A>.Load((A*)x);
        }

        if (typeof(T) == typeof(byte) && typeof(A) == typeof(long))
        {
            var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(x)).AsByte();
            var words = Vector128.WidenLower(Vector128.WidenLower(bytes));
            return new(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).As<ulong, A>());
        }

        if (typeof(T) == typeof(int) && typeof(A) == typeof(long))
        {
            var words = Vector128.Load((int*)x);
            return new(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).As<long, A>());
        }

        throw new NotSupportedException($"{typeof(T)} does not widen to {typeof(A)}.");
    }
}
