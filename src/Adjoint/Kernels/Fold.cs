using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Reductions over any set of dimensions. Dimensions split into kept and reduced ones, each merged where neighbours advance alike. If the
/// fastest dimension is reduced, each result is a row that lanes fold (<see cref="Row"/>); if it is kept, whole tiles of results advance
/// together (<see cref="Columns"/>).
/// <para>
/// Order of combination: blocks, then a binary tree over blocks (a carry chain, as in counting), so that rounding errors grow with the
/// logarithm of the length (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2), and results depend on nothing but the shape.
/// </para>
/// </summary>
internal static unsafe class Fold
{
    private const int MaxRank = Walk.MaxRank;
    private const int Block = 1024;
    private const int TileWidth = 128;
    private const int RowsPerBlock = 16;

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
        var kept = Dims.Of(layout, reduced, wanted: false);
        var gone = Dims.Of(layout, reduced, wanted: true);
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

    private static void Run<F, L, T>(F fold, T* x, Layout layout, ReadOnlySpan<bool> reduced, T* results)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var kept = Dims.Of(layout, reduced, wanted: false);
        var gone = Dims.Of(layout, reduced, wanted: true);
        if (kept.Fastest != 1 || gone.Fastest == 1)
        {
            for (nint i = 0; i < kept.Count; i++)
            {
                results[i] = Rows<F, L, T>(fold, x + kept.Position(i), gone);
            }

            return;
        }

        var inner = kept.LastSize;
        for (nint i = 0; i < kept.Count; i += inner)
        {
            var from = x + kept.Position(i);
            for (nint start = 0; start < inner; start += TileWidth)
            {
                Columns<F, L, T>(fold, from + start, gone, (int)Math.Min(TileWidth, inner - start), results + i + start);
            }
        }
    }

    /// <summary>All reduced elements of one result: rows along the fastest reduced dimension, joined by a carry chain.</summary>
    [SkipLocalsInit]
    private static T Rows<F, L, T>(F fold, T* x, Dims gone)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (gone.Rank == 0)
        {
            return fold.Combine(fold.Unit<One<T>>(), fold.Lift(new One<T>(*x))).Value;
        }

        var levels = stackalloc One<T>[64];
        var length = gone.LastSize;
        nint blocks = 0;
        for (nint i = 0; i < gone.Count; i += length)
        {
            var row = Strip<F, L, T>(fold, x + gone.Position(i), gone.LastStride, length);
            blocks = Carry(fold, levels, blocks, row);
        }

        return Collect(fold, levels, blocks).Value;
    }

    private static One<T> Strip<F, L, T>(F fold, T* x, nint stride, nint n)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n <= Block)
        {
            return stride == 1 ? Row<F, L, T>(fold, x, n) : Sparse<F, L, T>(fold, x, stride, n);
        }

        // Halves in whole blocks, so that equal lengths always split alike.
        var half = ((n / 2) + Block - 1) / Block * Block;
        return fold.Combine(
            Strip<F, L, T>(fold, x, stride, half), Strip<F, L, T>(fold, x + (half * stride), stride, n - half));
    }

    [SkipLocalsInit]
    private static One<T> Sparse<F, L, T>(F fold, T* x, nint stride, nint n)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tile = stackalloc T[Block];
        for (nint i = 0; i < n; i++)
        {
            tile[i] = x[i * stride];
        }

        return Row<F, L, T>(fold, tile, n);
    }

    /// <summary>Up to one block of neighbours: four lanes at a time, then lane by lane.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static One<T> Row<F, L, T>(F fold, T* x, nint n)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = fold.Unit<L>();
        var b = a;
        var c = a;
        var d = a;
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
        L.Store(fold.Combine(fold.Combine(a, b), fold.Combine(c, d)), lanes);
        for (var width = L.Count / 2; width > 0; width /= 2)
        {
            for (var i = 0; i < width; i++)
            {
                lanes[i] = fold.Combine(new One<T>(lanes[i]), new One<T>(lanes[i + width])).Value;
            }
        }

        var result = new One<T>(lanes[0]);
        for (nint i = 0; i < n; i++)
        {
            result = fold.Combine(result, fold.Lift(new One<T>(x[i])));
        }

        return result;
    }

    /// <summary>A tile of neighbouring results: rows of the input are added to it in blocks, and blocks joined by a carry chain of tiles.</summary>
    [SkipLocalsInit]
    private static void Columns<F, L, T>(F fold, T* x, Dims gone, int width, T* results)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var depth = 2 + nint.Log2(Math.Max(gone.Count / RowsPerBlock, 1));
        var tiles = stackalloc T[(int)(depth + 1) * TileWidth];
        nint blocks = 0;
        for (nint start = 0; start < gone.Count; start += RowsPerBlock)
        {
            // Tile k holds 2^k blocks while bit k of the count is set; the new block goes to the first free one.
            var level = (int)nint.TrailingZeroCount(~blocks);
            var tile = tiles + (level * TileWidth);
            Fill<F, L, T>(fold, tile, width);
            var end = Math.Min(start + RowsPerBlock, gone.Count);
            for (var j = start; j < end; j++)
            {
                Join<F, L, T>(fold, tile, x + gone.Position(j), width, lift: true);
            }

            for (var k = level - 1; k >= 0; k--)
            {
                Join<F, L, T>(fold, tile, tiles + (k * TileWidth), width, lift: false);
            }

            blocks++;
        }

        Fill<F, L, T>(fold, results, width);
        for (var k = 0; blocks >> k != 0; k++)
        {
            if (((blocks >> k) & 1) != 0)
            {
                Join<F, L, T>(fold, results, tiles + (k * TileWidth), width, lift: false);
            }
        }
    }

    private static void Fill<F, L, T>(F fold, T* tile, int width)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T> => new Span<T>(tile, width).Fill(fold.Unit<One<T>>().Value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join<F, L, T>(F fold, T* tile, T* row, nint width, bool lift)
        where F : struct, IFold
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= width - L.Count; i += L.Count)
        {
            var value = L.Load(row + i);
            L.Store(fold.Combine(L.Load(tile + i), lift ? fold.Lift(value) : value), tile + i);
        }

        for (; i < width; i++)
        {
            var value = new One<T>(row[i]);
            tile[i] = fold.Combine(new One<T>(tile[i]), lift ? fold.Lift(value) : value).Value;
        }
    }

    /// <summary>Adds a block to a carry chain: level k holds 2^k blocks where bit k of the count is set.</summary>
    private static nint Carry<F, T>(F fold, One<T>* levels, nint blocks, One<T> value)
        where F : struct, IFold
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var level = 0;
        for (; ((blocks >> level) & 1) != 0; level++)
        {
            value = fold.Combine(levels[level], value);
        }

        levels[level] = value;
        return blocks + 1;
    }

    private static One<T> Collect<F, T>(F fold, One<T>* levels, nint blocks)
        where F : struct, IFold
        where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>Some of a layout's dimensions, merged: sizes and strides, slowest first, and how many elements they span.</summary>
    private struct Dims
    {
        public int Rank;
        public nint Count;
        private fixed long _sizes[MaxRank];
        private fixed long _strides[MaxRank];

        /// <summary>The stride of the last dimension; 0 when there is none.</summary>
        public nint Fastest => Rank == 0 ? 0 : (nint)_strides[Rank - 1];

        public nint LastSize => Rank == 0 ? 1 : (nint)_sizes[Rank - 1];

        public nint LastStride => Fastest;

        public static Dims Of(Layout layout, ReadOnlySpan<bool> reduced, bool wanted)
        {
            var dims = new Dims { Count = 1 };
            for (var d = 0; d < layout.Rank; d++)
            {
                if (reduced[d] != wanted)
                {
                    continue;
                }

                var size = layout.Sizes[d];
                dims.Count *= size;
                if (size == 1)
                {
                    continue;
                }

                var stride = layout.Strides[d];
                if (dims.Rank > 0 && dims._strides[dims.Rank - 1] == stride * size)
                {
                    dims._sizes[dims.Rank - 1] *= size;
                    dims._strides[dims.Rank - 1] = stride;
                }
                else
                {
                    dims._sizes[dims.Rank] = size;
                    dims._strides[dims.Rank] = stride;
                    dims.Rank++;
                }
            }

            return dims;
        }

        /// <summary>The offset of the i-th element in row-major order of these dimensions.</summary>
        public readonly nint Position(nint i)
        {
            nint position = 0;
            for (var d = Rank - 1; d > 0; d--)
            {
                var (rest, index) = Math.DivRem(i, (nint)_sizes[d]);
                position += index * (nint)_strides[d];
                i = rest;
            }

            return Rank == 0 ? 0 : position + (i * (nint)_strides[0]);
        }
    }
}
