using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions over any set of dimensions. Dimensions split into kept and reduced ones, each merged where neighbours advance alike. If the
/// fastest dimension is reduced, each result is a row that lanes fold (<see cref="FoldRows{F, L, T}"/>); if it is kept, whole tiles of results advance
/// together (<see cref="FoldColumns{F, L, T}"/>).
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
    public static void Real<F, T>(F fold, T* x, Layout layout, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFold
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<F, Lane512<T>, T>(fold, x, layout, reduced, results);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<F, Lane256<T>, T>(fold, x, layout, reduced, results);
        }
        else
        {
            Run<F, Lane128<T>, T>(fold, x, layout, reduced, results);
        }
    }

    /// <summary>Reduces whole numbers.</summary>
    public static void Whole<F, T>(F fold, T* x, Layout layout, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFold
        where T : unmanaged, IBinaryInteger<T>
    {
        var kept = FoldDims.Of(layout, reduced, wanted: false);
        var gone = FoldDims.Of(layout, reduced, wanted: true);
        for (nint i = 0; i < kept.Count; i++)
        {
            var from = x + kept.Position(i);
            var sum = fold.Unit<Whole<T>>();
            for (nint j = 0; j < gone.Count; j++)
            {
                sum = fold.Combine(sum, new Whole<T>(from[gone.Position(j)]));
            }

            results[i] = sum.Value;
        }
    }

    /// <summary>Reduces real elements with a given lane: what <see cref="Real"/> chooses from.</summary>
    [SkipLocalsInit]
    private static void Run<F, L, T>(F fold, T* x, Layout layout, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kept = FoldDims.Of(layout, reduced, wanted: false);
        var gone = FoldDims.Of(layout, reduced, wanted: true);
        var job = new FoldJob
        {
            Fold = Unsafe.AsPointer(ref fold),
            X = x,
            Results = results,
            Kept = &kept,
            Gone = &gone,
            Threads = kept.Count * gone.Count < SharedElements ? 1 : Team.MaxThreads,
        };
        if (kept.Count == 0)
        {
            return;
        }

        if (kept.Fastest != 1 || gone.Fastest == 1)
        {
            FoldRows<F, L, T>.Run(ref job);
        }
        else
        {
            FoldColumns<F, L, T>.Run(ref job);
        }
    }
}

/// <summary>A reduction on its way: what the threads that share it read.</summary>
internal unsafe struct FoldJob
{
    /// <summary>The <see cref="IFold"/>, on the caller's stack.</summary>
    public void* Fold;
    public void* X;
    public void* Results;
    public FoldDims* Kept;
    public FoldDims* Gone;
    public int Threads;

    /// <summary>How many results, or branches of one result, there are to share, and in how many parts.</summary>
    public nint Units;
    public int Parts;

    /// <summary>What the branches of one result are computed into, and where they begin.</summary>
    public void* Branches;
    public nint* Edges;

    /// <summary>Shares the units.</summary>
    public static void Share(ref FoldJob job, delegate*<void*, int, void> part)
    {
        job.Parts = (int)Math.Min(job.Units, job.Threads == 1 ? 1 : Kernels.Fold.PartsPerThread * job.Threads);
        Team.Run(part, Unsafe.AsPointer(ref job), job.Parts);
    }

    public readonly nint First(int part) => Units * part / Parts;
}
