using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Memory;

namespace Adjoint.Kernels;

/// <summary>Which element of a row is picked.</summary>
internal enum RowPick
{
    /// <summary>That at a place of the order.</summary>
    Kth,

    /// <summary>The lower one in the middle of the order; the first NaN if there is one.</summary>
    Median,

    /// <summary>The lower one in the middle of those that are not NaN.</summary>
    NanMedian,

    /// <summary>The smallest of those that occur most often, and the last that is equal to it; a NaN equals none.</summary>
    Mode,
}

/// <summary>One element of each row, picked by its place in the order, or by how often it occurs.</summary>
internal static unsafe class PickRows
{
    /// <summary>Where the picked elements are.</summary>
    /// <param name="x">Rows without gaps, of at least one element.</param>
    /// <param name="values">Takes the elements.</param>
    /// <param name="positions">Takes their places.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="length">How long they are.</param>
    /// <param name="pick">Which element.</param>
    /// <param name="k">The place, from 0, of <see cref="RowPick.Kth"/>.</param>
    public static void Run<T, K>(T* x, T* values, long* positions, nint rows, int length, RowPick pick, int k)
        where T : unmanaged, INumber<T>
        where K : struct, ISortKey<T>
    {
        var parts = SortRows.PartsOf(rows, length);
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
                    positions[row] = pick == RowPick.Mode ? Mode<T, K>(from, length, a, b) : Middle<T, K>(from, length, a, pick, k);
                    values[row] = from[positions[row]];
                }
            }

            scratch.Release();
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Middle<T, K>(T* x, int n, ulong* keys, RowPick pick, int k)
        where T : unmanaged, INumber<T>
        where K : struct, ISortKey<T>
    {
        var numbers = 0;
        var firstNaN = -1;
        for (var i = 0; i < n; i++)
        {
            keys[i] = K.Of(x[i]);
            if (!T.IsNaN(x[i]))
            {
                numbers++;
            }
            else if (firstNaN < 0)
            {
                firstNaN = i;
            }
        }

        if (pick != RowPick.Kth)
        {
            if (firstNaN >= 0 && (pick == RowPick.Median || numbers == 0))
            {
                return firstNaN;
            }

            k = (numbers - 1) / 2;
        }

        var wanted = SelectRows.Nth(new Span<ulong>(keys, n), k);
        var place = 0;
        while (K.Of(x[place]) != wanted)
        {
            place++;
        }

        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Mode<T, K>(T* x, int n, ulong* a, ulong* b)
        where T : unmanaged, INumber<T>
        where K : struct, ISortKey<T>
    {
        var order = SortRows.Order<T, K>(x, n, a, b, descending: false, isShared: false);
        var (best, most) = (0, 0);
        for (int start = 0, end; start < n; start = end)
        {
            end = start + 1;
            while (end < n && x[(uint)order[end]] == x[(uint)order[start]])
            {
                end++;
            }

            if (end - start > most)
            {
                (best, most) = ((int)(uint)order[end - 1], end - start);
            }
        }

        return best;
    }
}
