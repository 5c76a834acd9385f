using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions that keep the fastest dimension: tiles of neighbouring results advance together down the rows. Rows are folded in blocks in registers,
/// blocks in a carry chain of tiles to chunks, and chunks in another one. A result does not depend on the tile it is in.
/// </summary>
internal static unsafe class FoldColumns<F, L, T>
    where F : struct, IFoldMap
    where L : struct, ILane<L, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Neighbouring results that advance together: runs that are long enough for the processor to see them coming.</summary>
    private const int WidestTile = 512;

    private const int NarrowestTile = 64;

    /// <summary>Rows that are folded one after another.</summary>
    private const int RowsPerBlock = 32;

    /// <summary>Rows of a branch that threads share when there are fewer tiles than threads.</summary>
    private const int RowsPerChunk = 32 * RowsPerBlock;

    private const int Widest = FoldBlock<F, L, T>.Widest;

    public static void Run(ref FoldJob job)
    {
        var inner = job.Kept->LastSize;
        var outer = job.Kept->Count / inner;
        job.TileWidth = WidestTile;
        while (job.TileWidth > NarrowestTile && outer * Tiles(inner, job.TileWidth) < 2 * job.Threads)
        {
            job.TileWidth /= 2;
        }

        job.Units = outer * Tiles(inner, job.TileWidth);
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

    private static nint Tiles(nint inner, int width) => (inner + width - 1) / width;

    /// <summary>The tile with a number: where the arrays are read, where its results go, and how wide it is.</summary>
    private static int Tile(in FoldJob job, nint number, out FoldReads<T> reads, out T* results)
    {
        var inner = job.Kept->LastSize;
        var (outer, tile) = Math.DivRem(number, Tiles(inner, job.TileWidth));

        // A rest that is narrower than a lane goes through the lane's worth of columns that ends there.
        var start = Math.Min(tile * job.TileWidth, Math.Max(inner - L.Count, 0));
        job.Kept->Seek(job.Kept->Along(job.Reads<T>()), outer * inner, out reads);
        reads.Advance(start);
        results = (T*)job.Results + (outer * inner) + start;
        return (int)Math.Min(job.TileWidth, inner - start);
    }

    private static void Results(void* context, int part)
    {
        var job = (FoldJob*)context;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var width = Tile(*job, i, out var reads, out var results);
            Serial(fold, reads, *job->Gone, width, results);
        }
    }

    /// <summary>One tile on one thread.</summary>
    [SkipLocalsInit]
    private static void Serial(in F fold, in FoldReads<T> reads, in FoldDims gone, int width, T* results)
    {
        if (gone.Count <= RowsPerChunk)
        {
            Chunk(fold, reads, gone, 0, gone.Count, width, results);
            return;
        }

        var tiles = stackalloc T[Depth(gone.Count) * width];
        var chunk = stackalloc T[width];
        nint count = 0;
        for (nint start = 0; start < gone.Count; start += RowsPerChunk)
        {
            Chunk(fold, reads, gone, start, Math.Min(start + RowsPerChunk, gone.Count), width, chunk);
            Carry(fold, tiles, count++, chunk, width);
        }

        Collect(fold, tiles, count, width, results);
    }

    /// <summary>One tile, its chunks shared among threads.</summary>
    [SkipLocalsInit]
    private static void Shared(FoldJob job, nint number)
    {
        ref readonly var fold = ref Unsafe.AsRef<F>(job.Fold);
        var width = Tile(job, number, out var reads, out var results);
        var chunks = (job.Gone->Count + RowsPerChunk - 1) / RowsPerChunk;
        var shared = new SharedTile { Job = &job, Reads = reads, Width = width };
        job.Units = chunks;
        job.Branches = GemmBuffer.Rent((nuint)(chunks * width) * (nuint)sizeof(T));
        job.Parts = (int)Math.Min(chunks, Fold.PartsPerThread * job.Threads);
        Team.Run(&Chunks, &shared, job.Parts);
        var tiles = stackalloc T[Depth(job.Gone->Count) * width];
        for (nint i = 0; i < chunks; i++)
        {
            Carry(fold, tiles, i, (T*)job.Branches + (i * width), width);
        }

        Collect(fold, tiles, chunks, width, results);
    }

    private static void Chunks(void* context, int part)
    {
        var shared = (SharedTile*)context;
        var job = shared->Job;
        ref readonly var fold = ref Unsafe.AsRef<F>(job->Fold);
        var end = job->First(part + 1);
        for (var i = job->First(part); i < end; i++)
        {
            var start = i * RowsPerChunk;
            var last = Math.Min(start + RowsPerChunk, job->Gone->Count);
            Chunk(fold, shared->Reads, *job->Gone, start, last, shared->Width, (T*)job->Branches + (i * shared->Width));
        }
    }

    private static int Depth(nint rows) => 2 + (int)nint.Log2(Math.Max(rows / RowsPerChunk, 1));

    /// <summary>A range of at most one chunk of rows: blocks joined by a carry chain.</summary>
    [SkipLocalsInit]
    private static void Chunk(in F fold, in FoldReads<T> reads, in FoldDims gone, nint start, nint end, int width, T* result)
    {
        const int most = 7;
        var tiles = stackalloc T[most * width];
        var block = stackalloc T[width];
        var splats = stackalloc T[(F.Arity > 1 ? F.Arity : 0) * RowsPerBlock * Widest];
        var rows = stackalloc nint[FoldDims.MaxOperands * RowsPerBlock];
        nint count = 0;
        if (end - start <= RowsPerBlock)
        {
            Block(fold, reads, Rows(gone, reads, start, end, rows, splats), rows, width, result);
            return;
        }

        for (; start < end; start += RowsPerBlock)
        {
            var length = Rows(gone, reads, start, Math.Min(start + RowsPerBlock, end), rows, splats);
            Block(fold, reads, length, rows, width, (count & 1) == 0 ? tiles : block);
            if ((count & 1) != 0)
            {
                Carry(fold, tiles, count, block, width);
            }

            count++;
        }

        Collect(fold, tiles, count, width, result);
    }

    /// <summary>Where each array's rows are; what stands still along a row is put into all lanes.</summary>
    private static int Rows(in FoldDims gone, in FoldReads<T> reads, nint start, nint end, nint* rows, T* splats)
    {
        var length = (int)(end - start);
        for (var j = 0; j < length; j++)
        {
            gone.Seek(reads, start + j, out var row);
            if (F.Arity == 1)
            {
                rows[j] = (nint)row.A;
                continue;
            }

            var own = rows + (j * FoldDims.MaxOperands);
            var splat = splats + (j * F.Arity * Widest);
            own[0] = At(row.A, row.StepA, splat);
            own[1] = At(row.B, row.StepB, splat + Widest);
            own[2] = F.Arity > 2 ? At(row.C, row.StepC, splat + (2 * Widest)) : 0;
            own[3] = F.Arity > 3 ? At(row.D, row.StepD, splat + (3 * Widest)) : 0;
        }

        return length;
    }

    private static nint At(T* row, nint step, T* splat)
    {
        if (step != 0)
        {
            return (nint)row;
        }

        L.Store(L.Splat(*row), splat);
        return (nint)splat;
    }

    /// <summary>A few rows, one after another: four lanes of columns at a time in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in F given, in FoldReads<T> reads, int length, nint* rows, int width, T* result)
    {
        var fold = given;
        var (ofA, ofB, ofC, ofD) = (-reads.StepA, -reads.StepB, -reads.StepC, -reads.StepD);
        nint i = 0;
        for (; i <= width - (4 * L.Count); i += 4 * L.Count)
        {
            L a = fold.Unit<L>(), b = a, c = a, d = a;
            for (var j = 0; j < length; j++)
            {
                a = fold.Combine(a, Read(fold, rows, j, i, ofA, ofB, ofC, ofD));
                b = fold.Combine(b, Read(fold, rows, j, i + L.Count, ofA, ofB, ofC, ofD));
                c = fold.Combine(c, Read(fold, rows, j, i + (2 * L.Count), ofA, ofB, ofC, ofD));
                d = fold.Combine(d, Read(fold, rows, j, i + (3 * L.Count), ofA, ofB, ofC, ofD));
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
                a = fold.Combine(a, Read(fold, rows, j, i, ofA, ofB, ofC, ofD));
            }

            L.Store(a, result + i);
            i += L.Count;
        }

        for (; i < width; i++)
        {
            var a = fold.Unit<One<T>>();
            for (var j = 0; j < length; j++)
            {
                var row = rows + (F.Arity == 1 ? j : j * FoldDims.MaxOperands);
                a = fold.Combine(a, fold.Read(
                    new One<T>(((T*)row[0])[F.Arity == 1 ? i : i & ofA]),
                    F.Arity > 1 ? new One<T>(((T*)row[1])[i & ofB]) : default,
                    F.Arity > 2 ? new One<T>(((T*)row[2])[i & ofC]) : default,
                    F.Arity > 3 ? new One<T>(((T*)row[3])[i & ofD]) : default));
            }

            result[i] = a.Value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Read(in F fold, nint* rows, int j, nint i, nint ofA, nint ofB, nint ofC, nint ofD)
    {
        if (F.Arity == 1)
        {
            return fold.Read<L>(L.Load((T*)rows[j] + i), default, default, default);
        }

        var row = rows + (j * FoldDims.MaxOperands);
        return fold.Read(
            L.Load((T*)row[0] + (i & ofA)),
            L.Load((T*)row[1] + (i & ofB)),
            F.Arity > 2 ? L.Load((T*)row[2] + (i & ofC)) : default,
            F.Arity > 3 ? L.Load((T*)row[3] + (i & ofD)) : default);
    }

    /// <summary>Adds a tile to a carry chain: tile k holds 2^k of them where bit k of the count is set.</summary>
    private static void Carry(in F fold, T* tiles, nint count, T* value, int width)
    {
        var level = (int)nint.TrailingZeroCount(~count);
        var tile = tiles + (level * width);
        if (level == 0)
        {
            Unsafe.CopyBlockUnaligned(tile, value, (uint)(width * sizeof(T)));
            return;
        }

        for (var k = 0; k < level; k++)
        {
            Join(fold, tiles + (k * width), k == 0 ? value : tile, tile, width);
        }
    }

    private static void Collect(in F fold, T* tiles, nint count, int width, T* result)
    {
        var isFirst = true;
        for (var k = 0; count >> k != 0; k++)
        {
            if (((count >> k) & 1) == 0)
            {
                continue;
            }

            var tile = tiles + (k * width);
            if (isFirst)
            {
                Unsafe.CopyBlockUnaligned(result, tile, (uint)(width * sizeof(T)));
                isFirst = false;
            }
            else
            {
                Join(fold, tile, result, result, width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(in F given, T* left, T* right, T* result, int width)
    {
        var fold = given;
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

    /// <summary>A tile whose chunks threads share.</summary>
    private struct SharedTile
    {
        public FoldJob* Job;
        public FoldReads<T> Reads;
        public int Width;
    }
}
