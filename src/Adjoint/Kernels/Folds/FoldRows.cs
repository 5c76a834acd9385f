using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions along the fastest dimension: each result is folded by lanes. A piece is a block of neighbours, or a row where several dimensions are
/// reduced; pieces join in a carry chain to branches, and branches in another one, all in lanes, which are added up once for each result.
/// </summary>
internal static unsafe class FoldRows<F, L, T>
    where F : struct, IFoldMap
    where L : struct, ILane<L, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = FoldBlock<F, L, T>.Longest;

    /// <summary>Elements of a branch, about: enough to be worth another thread's while.</summary>
    private const nint Branch = 16 * Block;

    private const int Copies = FoldBlock<F, L, T>.Unrolled * Widest;
    private const int Widest = FoldBlock<F, L, T>.Widest;
    private const int Levels = FoldBlock<F, L, T>.Levels;

    public static void Run(ref FoldJob job)
    {
        ref var gone = ref *job.Gone;
        if (job.Threads > 1 && job.Kept->Count < Fold.PartsPerThread * job.Threads && gone.Count >= 2 * Branch)
        {
            for (nint i = 0; i < job.Kept->Count; i++)
            {
                ((T*)job.Results)[i] = Shared(job, i);
            }

            return;
        }

        job.Units = job.Kept->Count;
        FoldJob.Share(ref job, &Results);
    }

    /// <summary>A range of results.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Results(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        ref readonly var gone = ref *job->Gone;
        var end = job->First(part + 1);
        var start = gone.Along(job->Reads<T>());
        var isBlock = F.Arity == 1 && gone.Rank <= 1 && gone.Count <= Block && start.StepA == 1;
        for (var i = job->First(part); i < end; i++)
        {
            job->Kept->Seek(start, i, out var reads);
            var value = isBlock ? FoldBlock<F, L, T>.Row(fold, reads, gone.Count)
                : gone.Rank <= 1 && gone.Count <= Block ? Strip(fold, ref reads, gone.Count)
                : Serial(fold, reads, gone);
            ((T*)job->Results)[i] = FoldBlock<F, L, T>.Total(fold, value);
        }
    }

    /// <summary>One result on one thread.</summary>
    [SkipLocalsInit]
    private static L Serial(in F fold, in FoldReads<T> reads, in FoldDims gone)
    {
        var levels = stackalloc T[Levels * Widest];
        var each = PiecesPerBranch(gone);
        var pieces = Pieces(gone);
        nint branches = 0, piece = 0;
        for (; piece + each <= pieces; piece += each)
        {
            branches = FoldBlock<F, L, T>.Carry(fold, levels, branches, Pieces(fold, reads, gone, piece, piece + each));
        }

        return FoldBlock<F, L, T>.Collect(fold, levels, branches, piece < pieces ? Pieces(fold, reads, gone, piece, pieces) : fold.Unit<L>());
    }

    /// <summary>One result, its branches shared among threads.</summary>
    [SkipLocalsInit]
    private static T Shared(FoldJob job, nint result)
    {
        ref readonly var fold = ref Unsafe.AsRef<F>(job.Fold);
        ref readonly var gone = ref *job.Gone;
        job.Kept->Seek(job.Reads<T>(), result, out var reads);
        job.Begin(reads);
        var each = PiecesPerBranch(gone);
        var whole = Pieces(gone) / each;
        job.Units = (Pieces(gone) + each - 1) / each;
        job.Branches = GemmBuffer.Rent((nuint)(job.Units * Widest) * (nuint)sizeof(T));
        FoldJob.Share(ref job, &Branches);
        var levels = stackalloc T[Levels * Widest];
        nint branches = 0;
        while (branches < whole)
        {
            branches = FoldBlock<F, L, T>.Carry(fold, levels, branches, L.Load((T*)job.Branches + (branches * Widest)));
        }

        return FoldBlock<F, L, T>.Total(
            fold,
            FoldBlock<F, L, T>.Collect(fold, levels, whole, whole < job.Units ? L.Load((T*)job.Branches + (whole * Widest)) : fold.Unit<L>()));
    }

    private static void Branches(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        ref readonly var gone = ref *job->Gone;
        var each = PiecesPerBranch(gone);
        var pieces = Pieces(gone);
        var reads = gone.Along(job->Reads<T>());
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            L.Store(Pieces(fold, reads, gone, i * each, Math.Min((i + 1) * each, pieces)), (T*)job->Branches + (i * Widest));
        }
    }

    private static nint Pieces(in FoldDims gone) => gone.Rank <= 1 ? (gone.Count + Block - 1) / Block : gone.Count / gone.LastSize;

    /// <summary>A power of two, so that branches are whole subtrees of the carry chain of pieces.</summary>
    private static nint PiecesPerBranch(in FoldDims gone) =>
        gone.Rank <= 1 ? Branch / Block : (nint)BitOperations.RoundUpToPowerOf2((nuint)Math.Max(Branch / gone.LastSize, 1));

    /// <summary>A range of pieces.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Pieces(in F fold, in FoldReads<T> reads, in FoldDims gone, nint first, nint end)
    {
        if (gone.Rank <= 1)
        {
            var from = reads;
            from.Advance(first * Block);
            return Strip(fold, ref from, Math.Min(end * Block, gone.Count) - (first * Block));
        }

        var levels = stackalloc T[Levels * Widest];
        nint rows = 0;
        for (; first < end; first++)
        {
            gone.Seek(reads, first * gone.LastSize, out var row);
            rows = FoldBlock<F, L, T>.Carry(fold, levels, rows, Strip(fold, ref row, gone.LastSize));
        }

        return FoldBlock<F, L, T>.Collect(fold, levels, rows, fold.Unit<L>());
    }

    /// <summary>Elements along the last dimension.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Strip(in F fold, ref FoldReads<T> reads, nint n)
    {
        if (n == 0)
        {
            return fold.Unit<L>();
        }

        var splats = stackalloc T[F.Arity == 1 ? 1 : F.Arity * Copies];
        if (!Prepare(ref reads, splats))
        {
            return Sparse(fold, ref reads, n);
        }

        if (n <= Block)
        {
            return FoldBlock<F, L, T>.Row(fold, reads, n);
        }

        var levels = stackalloc T[Levels * Widest];
        nint blocks = 0;
        for (; n >= Block; n -= Block)
        {
            blocks = FoldBlock<F, L, T>.Carry(fold, levels, blocks, FoldBlock<F, L, T>.Row(fold, reads, Block));
            reads.Advance(Block);
        }

        return FoldBlock<F, L, T>.Collect(fold, levels, blocks, n > 0 ? FoldBlock<F, L, T>.Row(fold, reads, n) : fold.Unit<L>());
    }

    /// <summary>Puts what stands still into all lanes; false if something advances by leaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Prepare(ref FoldReads<T> reads, T* splats)
    {
        if (F.Arity == 1)
        {
            return reads.StepA == 1;
        }

        if (((reads.StepA | reads.StepB | (F.Arity > 2 ? reads.StepC : 0) | (F.Arity > 3 ? reads.StepD : 0)) & ~1) != 0)
        {
            return false;
        }

        reads.A = Splat(reads.A, reads.StepA, splats);
        reads.B = Splat(reads.B, reads.StepB, splats + Copies);
        if (F.Arity > 2)
        {
            reads.C = Splat(reads.C, reads.StepC, splats + (2 * Copies));
        }

        if (F.Arity > 3)
        {
            reads.D = Splat(reads.D, reads.StepD, splats + (3 * Copies));
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Splat(T* from, nint step, T* splat)
    {
        if (step != 0)
        {
            return from;
        }

        new Span<T>(splat, Copies).Fill(*from);
        return splat;
    }

    /// <summary>Elements with gaps, gathered block by block.</summary>
    [SkipLocalsInit]
    private static L Sparse(in F fold, ref FoldReads<T> reads, nint n)
    {
        var tiles = stackalloc T[F.Arity * Block];
        var levels = stackalloc T[Levels * Widest];
        nint blocks = 0;
        var dense = new FoldReads<T>
        {
            A = tiles,
            B = tiles + (F.Arity > 1 ? Block : 0),
            C = tiles + (F.Arity > 2 ? 2 * Block : 0),
            D = tiles + (F.Arity > 3 ? 3 * Block : 0),
            StepA = 1,
            StepB = 1,
            StepC = 1,
            StepD = 1,
        };
        for (; n >= Block; n -= Block)
        {
            blocks = FoldBlock<F, L, T>.Carry(fold, levels, blocks, FoldBlock<F, L, T>.Row(fold, Gathered(reads, dense, Block), Block));
            reads.Advance(Block);
        }

        return FoldBlock<F, L, T>.Collect(
            fold, levels, blocks, n > 0 ? FoldBlock<F, L, T>.Row(fold, Gathered(reads, dense, n), n) : fold.Unit<L>());
    }

    private static ref readonly FoldReads<T> Gathered(in FoldReads<T> from, in FoldReads<T> to, nint n)
    {
        Gather(to.A, from.A, from.StepA, n);
        if (F.Arity > 1)
        {
            Gather(to.B, from.B, from.StepB, n);
        }

        if (F.Arity > 2)
        {
            Gather(to.C, from.C, from.StepC, n);
        }

        if (F.Arity > 3)
        {
            Gather(to.D, from.D, from.StepD, n);
        }

        return ref to;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(T* to, T* from, nint step, nint n)
    {
        for (nint i = 0; i < n; i++)
        {
            to[i] = from[i * step];
        }
    }
}
