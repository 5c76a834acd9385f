using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Reductions along the fastest dimension: each result is folded by lanes.</summary>
internal static unsafe class FoldRows<F, L, T>
    where F : struct, IFold
    where L : struct, ILane<L, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Neighbours that lanes fold without a tree.</summary>
    private const int Block = 1024;

    /// <summary>The longest branch of a tree that is not shared among threads.</summary>
    private const nint Branch = 16 * Block;

    public static void Run(ref FoldJob job)
    {
        ref var gone = ref *job.Gone;
        var parts = Fold.PartsPerThread * job.Threads;
        if (job.Threads > 1 && job.Kept->Count < parts && gone.Count >= 2 * Branch)
        {
            for (nint i = 0; i < job.Kept->Count; i++)
            {
                var from = (T*)job.X + job.Kept->Position(i);
                ((T*)job.Results)[i] = (gone.Rank == 1 ? Tree(job, from) : Chain(job, from)).Value;
            }

            return;
        }

        job.Units = job.Kept->Count;
        FoldJob.Share(ref job, &Results);
    }

    /// <summary>A range of results.</summary>
    private static void Results(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        ref readonly var gone = ref *job->Gone;
        for (var i = job->First(part); i < end; i++)
        {
            var from = (T*)job->X + job->Kept->Position(i);
            ((T*)job->Results)[i] = gone.Rank switch
            {
                0 => fold.Combine(fold.Unit<One<T>>(), fold.Lift(new One<T>(*from))).Value,
                1 => Strip(fold, from, gone.LastStride, gone.Count).Value,
                _ => Serial(fold, from, gone).Value,
            };
        }
    }

    /// <summary>One result from several rows, joined by a carry chain.</summary>
    [SkipLocalsInit]
    private static One<T> Serial(F fold, T* x, in FoldDims gone)
    {
        var levels = stackalloc One<T>[64];
        var length = gone.LastSize;
        nint blocks = 0;
        for (nint i = 0; i < gone.Count; i += length)
        {
            blocks = Carry(fold, levels, blocks, Strip(fold, x + gone.Position(i), gone.LastStride, length));
        }

        return Collect(fold, levels, blocks);
    }

    /// <summary>The same result, its rows shared among threads.</summary>
    [SkipLocalsInit]
    private static One<T> Chain(FoldJob job, T* x)
    {
        ref readonly var fold = ref Unsafe.AsRef<F>(job.Fold);
        job.Units = job.Gone->Count / job.Gone->LastSize;
        job.X = x;
        job.Branches = GemmBuffer.Rent((nuint)job.Units * (nuint)sizeof(T));
        FoldJob.Share(ref job, &Rows);
        var levels = stackalloc One<T>[64];
        nint blocks = 0;
        for (nint i = 0; i < job.Units; i++)
        {
            blocks = Carry(fold, levels, blocks, new One<T>(((T*)job.Branches)[i]));
        }

        return Collect(fold, levels, blocks);
    }

    private static void Rows(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        ref readonly var gone = ref *job->Gone;
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var row = (T*)job->X + gone.Position(i * gone.LastSize);
            ((T*)job->Branches)[i] = Strip(fold, row, gone.LastStride, gone.LastSize).Value;
        }
    }

    /// <summary>One result from one long row, the branches of its tree shared among threads.</summary>
    private static One<T> Tree(FoldJob job, T* x)
    {
        ref readonly var fold = ref Unsafe.AsRef<F>(job.Fold);
        var most = (4 * job.Gone->Count / Branch) + 2;
        var bytes = GemmBuffer.Round((nuint)most * (nuint)sizeof(nint));
        var buffer = (byte*)GemmBuffer.Rent(bytes + ((nuint)most * (nuint)sizeof(T)));
        job.X = x;
        job.Edges = (nint*)buffer;
        job.Branches = buffer + bytes;
        var edge = job.Edges;
        *edge++ = 0;
        Cut(job.Gone->Count, ref edge);
        job.Units = (nint)(edge - job.Edges) - 1;
        FoldJob.Share(ref job, &Branches);
        var branch = (T*)job.Branches;
        return Join(fold, job.Gone->Count, ref branch);
    }

    private static void Branches(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var stride = job->Gone->LastStride;
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var start = job->Edges[i];
            ((T*)job->Branches)[i] = Strip(fold, (T*)job->X + (start * stride), stride, job->Edges[i + 1] - start).Value;
        }
    }

    /// <summary>Writes down where the branches of a tree end, as <see cref="Strip"/> cuts them.</summary>
    private static void Cut(nint n, ref nint* edge)
    {
        if (n <= Branch)
        {
            *edge = edge[-1] + n;
            edge++;
            return;
        }

        var half = Half(n);
        Cut(half, ref edge);
        Cut(n - half, ref edge);
    }

    private static One<T> Join(F fold, nint n, ref T* branch)
    {
        if (n <= Branch)
        {
            return new One<T>(*branch++);
        }

        var half = Half(n);
        var left = Join(fold, half, ref branch);
        return fold.Combine(left, Join(fold, n - half, ref branch));
    }

    /// <summary>Halves in whole blocks, so that equal lengths always split alike.</summary>
    private static nint Half(nint n) => ((n / 2) + Block - 1) / Block * Block;

    private static One<T> Strip(F fold, T* x, nint stride, nint n)
    {
        if (n <= Block)
        {
            return stride == 1 ? Row(fold, x, n) : Sparse(fold, x, stride, n);
        }

        var half = Half(n);
        return fold.Combine(Strip(fold, x, stride, half), Strip(fold, x + (half * stride), stride, n - half));
    }

    [SkipLocalsInit]
    private static One<T> Sparse(F fold, T* x, nint stride, nint n)
    {
        var tile = stackalloc T[Block];
        for (nint i = 0; i < n; i++)
        {
            tile[i] = x[i * stride];
        }

        return Row(fold, tile, n);
    }

    /// <summary>Up to one block of neighbours: four lanes at a time, then lane by lane; what is left over fills up with units.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static One<T> Row(F fold, T* x, nint n)
    {
        var a = fold.Unit<L>();
        var b = a;
        var c = a;
        var d = a;
        var whole = n >= L.Count;
        for (; n >= 4 * L.Count; n -= 4 * L.Count)
        {
            a = fold.Combine(a, fold.Lift(L.Load(x)));
            b = fold.Combine(b, fold.Lift(L.Load(x + L.Count)));
            c = fold.Combine(c, fold.Lift(L.Load(x + (2 * L.Count))));
            d = fold.Combine(d, fold.Lift(L.Load(x + (3 * L.Count))));
            x += 4 * L.Count;
        }

        for (; n >= L.Count; n -= L.Count)
        {
            a = fold.Combine(a, fold.Lift(L.Load(x)));
            x += L.Count;
        }

        var lanes = stackalloc T[L.Count];
        if (n > 0 && whole)
        {
            // The last lane's worth of elements, without those that were there before.
            var last = fold.Lift(L.Load(x + n - L.Count));
            b = fold.Combine(b, L.Select(L.First(L.Count - (int)n), fold.Unit<L>(), last));
        }
        else if (n > 0)
        {
            L.Store(L.Splat(*x), lanes);
            for (nint i = 1; i < n; i++)
            {
                lanes[i] = x[i];
            }

            b = fold.Combine(b, L.Select(L.First((int)n), fold.Lift(L.Load(lanes)), fold.Unit<L>()));
        }

        var result = fold.Combine(fold.Combine(a, b), fold.Combine(c, d));
        for (var width = L.Count / 2; width > 0; width /= 2)
        {
            result = fold.Combine(result, L.Shift(result, width));
        }

        L.Store(result, lanes);
        return new One<T>(lanes[0]);
    }

    /// <summary>Adds a block to a carry chain: level k holds 2^k blocks where bit k of the count is set.</summary>
    private static nint Carry(F fold, One<T>* levels, nint blocks, One<T> value)
    {
        var level = 0;
        for (; ((blocks >> level) & 1) != 0; level++)
        {
            value = fold.Combine(levels[level], value);
        }

        levels[level] = value;
        return blocks + 1;
    }

    private static One<T> Collect(F fold, One<T>* levels, nint blocks)
    {
        var result = fold.Unit<One<T>>();
        for (var level = 0; blocks >> level != 0; level++)
        {
            if (((blocks >> level) & 1) != 0)
            {
                result = fold.Combine(levels[level], result);
            }
        }

        return result;
    }
}
