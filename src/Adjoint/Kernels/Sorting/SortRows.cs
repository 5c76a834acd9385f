using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>
/// The order of the elements of rows, smallest first or largest first; equal ones stay in their order. A row becomes numbers of 64 bits, an element's
/// key above and its place below. Keys of 64 bits are sorted by their upper halves, and then runs of equal ones by their lower halves.
/// </summary>
internal static unsafe class SortRows
{
    private const int FewToSettle = 64;

    /// <summary>The first elements of each row in order, and where they were.</summary>
    /// <param name="x">Rows without gaps.</param>
    /// <param name="values">Takes the elements.</param>
    /// <param name="positions">Takes their places.</param>
    /// <param name="shape">How many rows, how long, and how many elements of each.</param>
    /// <param name="descending">Largest first.</param>
    public static void First<T, K>(T* x, T* values, long* positions, (nint Rows, int Length, int Count) shape, bool descending)
        where T : unmanaged, INumber<T>
        where K : struct, ISortKey<T>
    {
        var (rows, length, count) = shape;
        var parts = PartsOf(rows, length);
        Team.Run(parts, parts > 1, part =>
        {
            var scratch = Storage.Allocate((nint)length * 2 * sizeof(ulong));
            fixed (byte* memory = &scratch.Origin)
            {
                var a = (ulong*)memory;
                var b = a + length;
                var end = rows * (part + 1) / parts;
                for (var row = rows * part / parts; row < end; row++)
                {
                    var from = x + (row * length);
                    var at = positions + (row * count);
                    if (SelectRows.IsList(count, length))
                    {
                        SelectRows.List<T, K>(from, length, count, a, at, descending);
                    }
                    else if (SelectRows.IsWorth(count, length))
                    {
                        SelectRows.First<T, K>(from, length, count, a, b, at, descending);
                    }
                    else
                    {
                        var order = Order<T, K>(from, length, a, b, descending, isShared: parts == 1);
                        for (var i = 0; i < count; i++)
                        {
                            at[i] = (uint)order[i];
                        }
                    }

                    Take(from, at, values + (row * count), count);
                }
            }

            scratch.Release();
        });
    }

    /// <summary>The order of a row.</summary>
    /// <param name="x">The row.</param>
    /// <param name="n">Its length.</param>
    /// <param name="a">Memory for as many numbers.</param>
    /// <param name="b">The same.</param>
    /// <param name="descending">Largest first.</param>
    /// <param name="isShared">Whether threads may share the work.</param>
    /// <returns>One of both, with the places of the elements in the lower halves.</returns>
    public static ulong* Order<T, K>(T* x, int n, ulong* a, ulong* b, bool descending, bool isShared)
        where T : unmanaged
        where K : struct, ISortKey<T>
    {
        Fill<T, K>(x, n, a, descending);
        var order = RadixSort.ByUpperHalf(a, b, n, isShared);
        if (!K.IsNarrow)
        {
            Settle<T, K>(x, n, order, order == a ? b : a, descending, isShared);
        }

        return order;
    }

    /// <summary>How many parts rows are divided into.</summary>
    public static int PartsOf(nint rows, int length) =>
        rows > 1 && rows * length >= Fold.SharedElements ? (int)Math.Min(rows, Fold.PartsPerThread * Team.MaxThreads) : 1;

    /// <summary>The key of an element in an order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Key<T, K>(T x, bool descending)
        where K : struct, ISortKey<T>
    {
        var key = descending ? ~K.Of(x) : K.Of(x);
        return K.IsNarrow ? (uint)key : key;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<T, K>(T* x, int n, ulong* a, bool descending)
        where T : unmanaged
        where K : struct, ISortKey<T>
    {
        for (var i = 0; i < n; i++)
        {
            var key = Key<T, K>(x[i], descending);
            a[i] = ((K.IsNarrow ? key : key >> 32) << 32) | (uint)i;
        }
    }

    /// <summary>Sorts runs whose keys agree above by what they have below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Settle<T, K>(T* x, int n, ulong* order, ulong* scratch, bool descending, bool isShared)
        where T : unmanaged
        where K : struct, ISortKey<T>
    {
        for (var start = 0; start < n;)
        {
            var end = start + 1;
            while (end < n && order[end] >> 32 == order[start] >> 32)
            {
                end++;
            }

            if (end - start > 1)
            {
                for (var i = start; i < end; i++)
                {
                    var place = (uint)order[i];
                    order[i] = (Key<T, K>(x[place], descending) << 32) | place;
                }

                if (end - start <= FewToSettle)
                {
                    new Span<ulong>(order + start, end - start).Sort();
                }
                else if (RadixSort.ByUpperHalf(order + start, scratch + start, end - start, isShared) is var sorted && sorted != order + start)
                {
                    new Span<ulong>(sorted, end - start).CopyTo(new Span<ulong>(order + start, end - start));
                }
            }

            start = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Take<T>(T* x, long* positions, T* values, int count)
        where T : unmanaged
    {
        for (var i = 0; i < count; i++)
        {
            values[i] = x[positions[i]];
        }
    }
}
