using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions that keep the fastest dimension: tiles of neighbouring results advance together down the rows. Rows are folded in blocks in registers,
/// blocks in a carry chain of tiles to chunks, and chunks in another one.
/// </summary>
internal static unsafe class FoldColumns<F, L, T>
    where F : struct, IFold
    where L : struct, ILane<L, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Neighbouring results that advance together.</summary>
    private const int TileWidth = 128;

    /// <summary>Rows that are folded one after another.</summary>
    private const int RowsPerBlock = 16;

    /// <summary>Rows of a branch that threads share when there are fewer tiles than threads.</summary>
    private const int RowsPerChunk = 64 * RowsPerBlock;

    public static void Run(ref FoldJob job)
    {
        var inner = job.Kept->LastSize;
        var tiles = (inner + TileWidth - 1) / TileWidth;
        job.Units = job.Kept->Count / inner * tiles;
        if (job.Threads > 1 && job.Units < 2 * job.Threads && job.Gone->Count > RowsPerChunk)
        {
            for (nint unit = 0; unit < job.Units; unit++)
            {
                Shared(job, unit);
            }

            return;
        }

        FoldJob.Share(ref job, &Results);
    }

    /// <summary>The tile with a number: where its elements begin, where its results go, and how wide it is.</summary>
    private static int Tile(in FoldJob job, nint number, out T* from, out T* results)
    {
        var inner = job.Kept->LastSize;
        var (outer, tile) = Math.DivRem(number, (inner + TileWidth - 1) / TileWidth);
        var start = tile * TileWidth;
        from = (T*)job.X + job.Kept->Position(outer * inner) + start;
        results = (T*)job.Results + (outer * inner) + start;
        return (int)Math.Min(TileWidth, inner - start);
    }

    private static void Results(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var width = Tile(*job, i, out var from, out var results);
            Serial(fold, from, *job->Gone, width, results);
        }
    }

    /// <summary>One tile on one thread.</summary>
    [SkipLocalsInit]
    private static void Serial(F fold, T* x, in FoldDims gone, int width, T* results)
    {
        if (gone.Count <= RowsPerChunk)
        {
            Chunk(fold, x, gone, 0, gone.Count, width, results);
            return;
        }

        var tiles = stackalloc T[Depth(gone.Count) * TileWidth];
        var chunk = stackalloc T[TileWidth];
        nint count = 0;
        for (nint start = 0; start < gone.Count; start += RowsPerChunk)
        {
            Chunk(fold, x, gone, start, Math.Min(start + RowsPerChunk, gone.Count), width, chunk);
            Carry(fold, tiles, count++, chunk, width);
        }

        Collect(fold, tiles, count, width, results);
    }

    /// <summary>One tile, its chunks shared among threads.</summary>
    [SkipLocalsInit]
    private static void Shared(FoldJob job, nint number)
    {
        ref readonly var fold = ref Unsafe.AsRef<F>(job.Fold);
        var width = Tile(job, number, out var from, out var results);
        var columns = new FoldDims { Count = width };
        var chunks = (job.Gone->Count + RowsPerChunk - 1) / RowsPerChunk;
        job.X = from;
        job.Kept = &columns;
        job.Units = chunks;
        job.Branches = GemmBuffer.Rent((nuint)(chunks * TileWidth) * (nuint)sizeof(T));
        FoldJob.Share(ref job, &Chunks);
        var tiles = stackalloc T[Depth(job.Gone->Count) * TileWidth];
        for (nint i = 0; i < chunks; i++)
        {
            Carry(fold, tiles, i, (T*)job.Branches + (i * TileWidth), width);
        }

        Collect(fold, tiles, chunks, width, results);
    }

    private static void Chunks(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var start = i * RowsPerChunk;
            var last = Math.Min(start + RowsPerChunk, job->Gone->Count);
            Chunk(fold, (T*)job->X, *job->Gone, start, last, (int)job->Kept->Count, (T*)job->Branches + (i * TileWidth));
        }
    }

    private static int Depth(nint rows) => 2 + (int)nint.Log2(Math.Max(rows / RowsPerChunk, 1));

    /// <summary>A range of at most one chunk of rows: blocks joined by a carry chain.</summary>
    [SkipLocalsInit]
    private static void Chunk(F fold, T* x, in FoldDims gone, nint start, nint end, int width, T* result)
    {
        const int most = 8;
        var tiles = stackalloc T[most * TileWidth];
        var block = stackalloc T[TileWidth];
        var rows = stackalloc nint[RowsPerBlock];
        nint count = 0;
        for (; start < end; start += RowsPerBlock)
        {
            var length = (int)Math.Min(RowsPerBlock, end - start);
            for (var j = 0; j < length; j++)
            {
                rows[j] = gone.Position(start + j);
            }

            Block(fold, x, rows, length, width, block);
            Carry(fold, tiles, count++, block, width);
        }

        Collect(fold, tiles, count, width, result);
    }

    /// <summary>A few rows, one after another: four lanes of columns at a time in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(F fold, T* x, nint* rows, int length, int width, T* result)
    {
        var i = 0;
        for (; i <= width - (4 * L.Count); i += 4 * L.Count)
        {
            var a = fold.Unit<L>();
            var b = a;
            var c = a;
            var d = a;
            for (var j = 0; j < length; j++)
            {
                var row = x + rows[j] + i;
                a = fold.Combine(a, fold.Lift(L.Load(row)));
                b = fold.Combine(b, fold.Lift(L.Load(row + L.Count)));
                c = fold.Combine(c, fold.Lift(L.Load(row + (2 * L.Count))));
                d = fold.Combine(d, fold.Lift(L.Load(row + (3 * L.Count))));
            }

            L.Store(a, result + i);
            L.Store(b, result + i + L.Count);
            L.Store(c, result + i + (2 * L.Count));
            L.Store(d, result + i + (3 * L.Count));
        }

        while (i < width && width >= L.Count)
        {
            // The last lanes overlap those before them, which get the same values again.
            i = Math.Min(i, width - L.Count);
            var a = fold.Unit<L>();
            for (var j = 0; j < length; j++)
            {
                a = fold.Combine(a, fold.Lift(L.Load(x + rows[j] + i)));
            }

            L.Store(a, result + i);
            i += L.Count;
        }

        for (; i < width; i++)
        {
            var a = fold.Unit<One<T>>();
            for (var j = 0; j < length; j++)
            {
                a = fold.Combine(a, fold.Lift(new One<T>(x[rows[j] + i])));
            }

            result[i] = a.Value;
        }
    }

    /// <summary>Adds a tile to a carry chain: tile k holds 2^k of them where bit k of the count is set.</summary>
    private static void Carry(F fold, T* tiles, nint count, T* value, int width)
    {
        var level = (int)nint.TrailingZeroCount(~count);
        var tile = tiles + (level * TileWidth);
        Unsafe.CopyBlockUnaligned(tile, value, (uint)(width * sizeof(T)));
        for (var k = 0; k < level; k++)
        {
            Join(fold, tiles + (k * TileWidth), tile, tile, width);
        }
    }

    private static void Collect(F fold, T* tiles, nint count, int width, T* result)
    {
        new Span<T>(result, width).Fill(fold.Unit<One<T>>().Value);
        for (var k = 0; count >> k != 0; k++)
        {
            if (((count >> k) & 1) != 0)
            {
                Join(fold, tiles + (k * TileWidth), result, result, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(F fold, T* left, T* right, T* result, int width)
    {
        var i = 0;
        for (; i <= width - L.Count; i += L.Count)
        {
            L.Store(fold.Combine(L.Load(left + i), L.Load(right + i)), result + i);
        }

        for (; i < width; i++)
        {
            result[i] = fold.Combine(new One<T>(left[i]), new One<T>(right[i])).Value;
        }
    }
}
