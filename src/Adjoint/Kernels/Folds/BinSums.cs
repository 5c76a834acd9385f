using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Counts, or sums of weights, of the elements in each of several bins.</summary>
internal static unsafe class BinSums
{
    /// <summary>Counts whole numbers by what they are.</summary>
    /// <param name="x">Numbers that are places of the result.</param>
    /// <param name="n">How many.</param>
    /// <param name="counts">Zeros; takes the counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count(long* x, nint n, long* counts)
    {
        for (nint i = 0; i < n; i++)
        {
            counts[x[i]]++;
        }
    }

    /// <summary>Sums weights of whole numbers by what they are.</summary>
    /// <param name="x">Numbers that are places of the result.</param>
    /// <param name="n">How many.</param>
    /// <param name="weights">As many.</param>
    /// <param name="sums">Zeros; takes the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<T>(long* x, nint n, T* weights, T* sums)
        where T : unmanaged, INumber<T>
    {
        for (nint i = 0; i < n; i++)
        {
            sums[x[i]] += weights[i];
        }
    }

    /// <summary>The bin of a number among bins of one width; -1 outside of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint BinOf<T>(T x, T low, T high, int bins)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!(x >= low && x <= high))
        {
            return -1;
        }

        // The last bin holds its right end too.
        return Math.Min(nint.CreateTruncating((x - low) / (high - low) * T.CreateTruncating(bins)), bins - 1);
    }

    /// <summary>The bin of a number between sorted edges; -1 outside of them.</summary>
    public static nint BinOf<T>(T x, T* edges, int bins)
        where T : unmanaged, INumber<T>
    {
        if (!(x >= edges[0] && x <= edges[bins]))
        {
            return -1;
        }

        return Math.Min((nint)SearchRows.Place(edges, null, bins + 1, x, right: true) - 1, bins - 1);
    }

    /// <summary>Counts numbers in bins of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Even<T>(T* x, nint n, T low, T high, int bins, T* counts)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (nint i = 0; i < n; i++)
        {
            var bin = BinOf(x[i], low, high, bins);
            if (bin >= 0)
            {
                counts[bin] += T.One;
            }
        }
    }

    /// <summary>Counts points, or sums their weights, in boxes between the edges of each of their coordinates.</summary>
    /// <param name="points">The points, one after the other.</param>
    /// <param name="n">How many.</param>
    /// <param name="edges">The edges for each coordinate, one after the other.</param>
    /// <param name="bins">How many bins each coordinate has.</param>
    /// <param name="weights">One for each point; null for ones.</param>
    /// <param name="sums">Zeros; takes the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Boxes<T>(T* points, nint n, T* edges, ReadOnlySpan<int> bins, T* weights, T* sums)
        where T : unmanaged, INumber<T>
    {
        for (nint i = 0; i < n; i++)
        {
            nint box = 0;
            var own = edges;
            for (var d = 0; d < bins.Length && box >= 0; d++)
            {
                var bin = BinOf(points[(i * bins.Length) + d], own, bins[d]);
                box = bin < 0 ? -1 : (box * bins[d]) + bin;
                own += bins[d] + 1;
            }

            if (box >= 0)
            {
                sums[box] += weights == null ? T.One : weights[i];
            }
        }
    }
}
