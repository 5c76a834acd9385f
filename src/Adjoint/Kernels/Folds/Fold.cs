using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions over any set of dimensions, of one array or of a formula of several. Dimensions split into kept and reduced ones, each merged where
/// neighbours advance alike in all arrays. If the fastest dimension is reduced, each result is a row that lanes fold
/// (<see cref="FoldRows{F, L, T}"/>); if it is kept, whole tiles of results advance together (<see cref="FoldColumns{F, L, T}"/>).
/// <para>
/// Order of combination: blocks, then a binary tree over blocks, so that rounding errors grow with the logarithm of the length (Higham, Accuracy and
/// Stability of Numerical Algorithms, 2nd ed., section 4.2). Blocks and trees are cut from the shape alone; threads take whole results, or whole
/// branches of a tree, so that results do not depend on their number.
/// </para>
/// </summary>
internal static unsafe class Fold
{
    /// <summary>From this many elements on a reduction is shared among threads.</summary>
    public const nint SharedElements = 64 * 1024;

    /// <summary>More parts than threads, so that one which comes late takes fewer.</summary>
    public const int PartsPerThread = 4;

    /// <summary>Reduces real elements. Results lie densely in the order of the kept dimensions.</summary>
    /// <param name="fold">What to do.</param>
    /// <param name="arrays">As many as the fold reads, all of one shape.</param>
    /// <param name="reduced">One flag for each dimension.</param>
    /// <param name="results">Where the results go.</param>
    public static void Real<F, T>(F fold, ReadOnlySpan<Operand> arrays, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFoldMap
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<F, T>(fold, arrays, reduced, results);
        Width.Run<Job<F, T>, T>(ref job);
    }

    /// <summary>Reduces real elements with a given lane: what <see cref="Real"/> chooses from.</summary>
    [SkipLocalsInit]
    private static void Run<F, L, T>(F fold, ReadOnlySpan<Operand> arrays, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFoldMap
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kept = FoldDims.Of(arrays, reduced, wanted: false);
        if (kept.Count == 0)
        {
            return;
        }

        var gone = FoldDims.Of(arrays, reduced, wanted: true);
        var job = new FoldJob
        {
            Fold = Unsafe.AsPointer(ref fold),
            A = arrays[0].Data,
            B = arrays[F.Arity > 1 ? 1 : 0].Data,
            C = arrays[F.Arity > 2 ? 2 : 0].Data,
            D = arrays[F.Arity > 3 ? 3 : 0].Data,
            Results = results,
            Kept = &kept,
            Gone = &gone,
            Threads = kept.Count * gone.Count < SharedElements ? 1 : Team.MaxThreads,
        };

        // Of several arrays without gaps the shape alone decides, wherever they are broadcast, and with it the order of the sums.
        var byColumns = F.Arity == 1
            ? kept.LastIsDense && !gone.LastIsDense
            : kept.Rank > 0 && kept.LastIsNear && (!gone.LastIsNear || IsLastKept(arrays[0].Layout, reduced));
        if (byColumns)
        {
            FoldColumns<F, L, T>.Run(ref job);
        }
        else
        {
            FoldRows<F, L, T>.Run(ref job);
        }
    }

    private static bool IsLastKept(Layout layout, ReadOnlySpan<bool> reduced)
    {
        var d = layout.Rank - 1;
        while (d > 0 && layout.Sizes[d] == 1)
        {
            d--;
        }

        return d >= 0 && !reduced[d];
    }

    private readonly ref struct Job<F, T>(F fold, ReadOnlySpan<Operand> arrays, ReadOnlySpan<bool> reduced, T* results) : IWidthJob<T>
        where F : struct, IFoldMap
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly F _fold = fold;
        private readonly ReadOnlySpan<Operand> _arrays = arrays;
        private readonly ReadOnlySpan<bool> _reduced = reduced;
        private readonly T* _results = results;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Fold.Run<F, Lane<T, R, G>, T>(_fold, _arrays, _reduced, _results);
    }
}

/// <summary>A reduction on its way: what the threads that share it read.</summary>
internal unsafe struct FoldJob
{
    /// <summary>The <see cref="IFoldMap"/>, on the caller's stack.</summary>
    public void* Fold;
    public void* A;
    public void* B;
    public void* C;
    public void* D;
    public void* Results;
    public FoldDims* Kept;
    public FoldDims* Gone;
    public int Threads;

    /// <summary>How many results, or branches of one result, there are to share, and in how many parts.</summary>
    public nint Units;
    public int Parts;

    /// <summary>What the branches of one result are computed into.</summary>
    public void* Branches;

    /// <summary>How many neighbouring results a unit is, where results advance together.</summary>
    public int TileWidth;

    /// <summary>Where the arrays begin.</summary>
    public readonly FoldReads<T> Reads<T>()
        where T : unmanaged => new() { A = (T*)A, B = (T*)B, C = (T*)C, D = (T*)D };

    /// <summary>Lets the arrays begin elsewhere.</summary>
    public void Begin<T>(FoldReads<T> reads)
        where T : unmanaged
    {
        A = reads.A;
        B = reads.B;
        C = reads.C;
        D = reads.D;
    }

    /// <summary>Shares the units.</summary>
    public static void Share(ref FoldJob job, delegate*<void*, int, void> part)
    {
        job.Parts = (int)Math.Min(job.Units, job.Threads == 1 ? 1 : Kernels.Fold.PartsPerThread * job.Threads);
        Team.Run(part, Unsafe.AsPointer(ref job), job.Parts);
    }

    public readonly nint First(int part) => Units * part / Parts;
}
