using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>
/// The first few elements of a row in an order, or one at a place of it, without sorting the row: by a short list of the best so far, or by parting
/// keys around one of them (quickselect; C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4, 1961) until the place is settled.
/// </summary>
internal static unsafe class SelectRows
{
    private const int LongestList = 32;
    private const int Few = 32;

    /// <summary>Whether a list of the best so far is the way to so many of a row.</summary>
    public static bool IsList(int count, int length) => count <= LongestList && count * 4 <= length;

    /// <summary>Whether selecting so many of a row is quicker than sorting it.</summary>
    public static bool IsWorth(int count, int length) => length >= 2 * Few && (long)count * 4 <= length;

    /// <summary>The first elements of a row in order, by a list.</summary>
    /// <param name="x">The row.</param>
    /// <param name="n">Its length.</param>
    /// <param name="count">How many; see <see cref="IsList"/>.</param>
    /// <param name="keys">Memory for as many keys.</param>
    /// <param name="positions">Takes their places.</param>
    /// <param name="descending">Largest first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void List<T, K>(T* x, int n, int count, ulong* keys, long* positions, bool descending)
        where T : unmanaged, INumber<T>
        where K : struct, ISortKey<T>
    {
        if (count == 0)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            Insert(SortRows.Key<T, K>(x[i], descending), i, i, keys, positions);
        }

        var worst = x[positions[count - 1]];
        for (var i = count; i < n; i++)
        {
            // NaN is neither, and is looked at more closely.
            if (descending ? x[i] <= worst : x[i] >= worst)
            {
                continue;
            }

            var key = SortRows.Key<T, K>(x[i], descending);
            if (key < keys[count - 1])
            {
                Insert(key, i, count - 1, keys, positions);
                worst = x[positions[count - 1]];
            }
        }
    }

    /// <summary>The first elements of a row in order, by parting.</summary>
    /// <param name="x">The row.</param>
    /// <param name="n">Its length.</param>
    /// <param name="count">How many; at least one.</param>
    /// <param name="a">Memory for as many keys as the row has elements.</param>
    /// <param name="b">The same.</param>
    /// <param name="positions">Takes their places.</param>
    /// <param name="descending">Largest first.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void First<T, K>(T* x, int n, int count, ulong* a, ulong* b, long* positions, bool descending)
        where T : unmanaged
        where K : struct, ISortKey<T>
    {
        for (var i = 0; i < n; i++)
        {
            a[i] = SortRows.Key<T, K>(x[i], descending);
        }

        var last = Nth(new Span<ulong>(a, n), count - 1);

        // Those before the last key, and the first ones that have it, in the order of the row; then in order.
        var ties = count;
        for (var i = 0; i < n; i++)
        {
            ties -= SortRows.Key<T, K>(x[i], descending) < last ? 1 : 0;
        }

        var chosen = Storage.Allocate((nint)count * sizeof(T));
        fixed (byte* memory = &chosen.Origin)
        {
            var values = (T*)memory;
            for (int i = 0, next = 0; next < count; i++)
            {
                var key = SortRows.Key<T, K>(x[i], descending);
                if (key < last || (key == last && ties-- > 0))
                {
                    (values[next], positions[next]) = (x[i], i);
                    next++;
                }
            }

            // Four times as many numbers fit in either, so the places fit behind the order.
            var order = SortRows.Order<T, K>(values, count, a, b, descending, isShared: false);
            var places = (long*)a + (2 * count);
            new Span<long>(positions, count).CopyTo(new Span<long>(places, count));
            for (var i = 0; i < count; i++)
            {
                positions[i] = places[(uint)order[i]];
            }
        }

        chosen.Release();
    }

    /// <summary>The key at a place of the order; the keys are moved about.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Nth(Span<ulong> keys, int place)
    {
        var (low, high) = (0, keys.Length - 1);
        for (var patience = 2 * BitOperations.Log2((uint)keys.Length); high - low > Few && patience > 0; patience--)
        {
            var pivot = Middle(keys[low], keys[low + ((high - low) / 2)], keys[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (keys[i] < pivot)
                {
                    i++;
                }

                while (keys[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    i++;
                    j--;
                }
            }

            if (place > j && place < i)
            {
                return pivot;
            }

            (low, high) = place <= j ? (low, j) : (i, high);
        }

        keys[low..(high + 1)].Sort();
        return keys[place];
    }

    private static ulong Middle(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    /// <summary>Puts a key in its place among some, behind equal ones; the last of as many and one more is lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Insert(ulong key, int position, int some, ulong* keys, long* positions)
    {
        var at = some;
        for (; at > 0 && keys[at - 1] > key; at--)
        {
            (keys[at], positions[at]) = (keys[at - 1], positions[at - 1]);
        }

        (keys[at], positions[at]) = (key, position);
    }
}
