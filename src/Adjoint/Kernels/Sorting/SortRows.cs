using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>An element as an unsigned whole number of the same order, so that one sort serves all types.</summary>
internal interface ISortKey<T>
{
    static abstract ulong Of(T x);
}

/// <summary>Reals: both zeros are equal, NaN is larger than everything.</summary>
internal readonly struct RealKey<S, T, C> : ISortKey<S>
    where S : unmanaged
    where T : unmanaged, IFloatingPointIeee754<T>
    where C : struct, IStored<S, T>
{
    private const ulong Sign = 1UL << 63;

    public static ulong Of(S stored)
    {
        var x = C.Widen(stored);
        if (T.IsNaN(x))
        {
            return ulong.MaxValue;
        }

        // Below zero, bits grow with the magnitude.
        var bits = T.IsZero(x) ? 0 : (ulong)BitConverter.DoubleToInt64Bits(double.CreateTruncating(x));
        return (bits & Sign) != 0 ? ~bits : bits | Sign;
    }
}

/// <summary>Whole numbers.</summary>
internal readonly struct WholeKey<T> : ISortKey<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static ulong Of(T x) => (ulong)long.CreateTruncating(x) ^ (1UL << 63);
}

/// <summary>The order of the elements of a row, smallest first or largest first; equal ones stay in their order.</summary>
internal static unsafe class SortRows
{
    /// <summary>Finds the order of a row.</summary>
    /// <param name="x">The first element.</param>
    /// <param name="keys">As many as there are elements.</param>
    /// <param name="places">Takes, for each place in the order, where the element is.</param>
    /// <param name="descending">Largest first.</param>
    public static void Order<T, K>(T* x, Span<ulong> keys, Span<int> places, bool descending)
        where T : unmanaged
        where K : struct, ISortKey<T>
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var key = K.Of(x[i]);
            keys[i] = descending ? ~key : key;
            places[i] = i;
        }

        // The sort leaves equal ones in any order.
        keys.Sort(places);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                places[start..end].Sort();
            }

            start = end;
        }
    }
}
