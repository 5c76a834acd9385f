using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Where values belong in rows that are sorted, by halving.</summary>
internal static unsafe class SearchRows
{
    /// <summary>For each value, the place before which it belongs.</summary>
    /// <param name="rows">Sorted rows without gaps.</param>
    /// <param name="order">The order of each row if they are not sorted themselves; null if they are.</param>
    /// <param name="length">How long rows are.</param>
    /// <param name="values">The values.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="perRow">How many of them belong to each row.</param>
    /// <param name="right">Behind equal elements, not before them.</param>
    /// <param name="places">Takes the places.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* rows, long* order, nint length, T* values, nint count, nint perRow, bool right, long* places)
        where T : unmanaged, INumber<T>
    {
        for (nint i = 0; i < count; i++)
        {
            var first = i / perRow * length;
            places[i] = Place(rows + first, order == null ? null : order + first, length, values[i], right);
        }
    }

    /// <summary>The place before which a value belongs; the end for NaN.</summary>
    public static long Place<T>(T* row, long* order, nint length, T value, bool right)
        where T : unmanaged, INumber<T>
    {
        nint low = 0;
        for (var high = length; low < high;)
        {
            var middle = low + ((high - low) / 2);
            var element = row[order == null ? middle : (nint)order[middle]];
            if (right ? element > value : element >= value)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Whether each value is among sorted ones; NaN is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Among<T>(T* values, nint count, T* sorted, nint length, byte* found)
        where T : unmanaged, INumber<T>
    {
        // They are behind all others.
        while (length > 0 && T.IsNaN(sorted[length - 1]))
        {
            length--;
        }

        for (nint i = 0; i < count; i++)
        {
            var place = (nint)Place(sorted, null, length, values[i], right: false);
            found[i] = place < length && sorted[place] == values[i] ? (byte)1 : (byte)0;
        }
    }
}
