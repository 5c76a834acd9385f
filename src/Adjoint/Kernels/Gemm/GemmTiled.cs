using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The blocked matrix product of one thread: the loops around the register tile.</summary>
internal static unsafe class GemmTiled<T, TTile>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TTile : struct, ITile<T>
{
    // A strip of B stays in the first-level cache while the tiles of one block of A pass over it.
    private const int StripBytes = 16 << 10;

    // A block of A stays in the second-level cache.
    private const int BlockBytes = 192 << 10;

    // A panel of B stays in this core's share of the third-level cache.
    private const int PanelBytes = 4 << 20;

    // Below these numbers of uses an operand with contiguous rows is read in place.
    private const int PackingUsesA = 16;
    private const int PackingUsesB = 12;

    private const int LargestTile = 14 * 32;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmCall<T> call)
    {
        var g = call.CsC != 1 && call.RsC == 1 ? call.Transposed() : call;
        int mr = TTile.Rows, nr = TTile.Columns;
        var depth = Even(g.K, Math.Max(1, StripBytes / (nr * sizeof(T))), 1);
        var height = Even(g.M, BlockBytes / (depth * sizeof(T)), mr);
        var width = Even(g.N, PanelBytes / (depth * sizeof(T)), nr);
        var packA = g.N > (g.CsA == 1 ? PackingUsesA * nr : nr);
        var packB = g.CsB != 1 || g.M > PackingUsesB * mr;

        // B read in place still needs a packed copy of a last strip that is not full.
        var bytesA = packA ? GemmBuffer.Round((nuint)((nint)height * depth * sizeof(T))) : 0;
        var bytesB = (nuint)((nint)(packB ? width : nr) * depth * sizeof(T));
        var packedA = (T*)GemmBuffer.Rent(bytesA + bytesB);
        var packedB = (T*)((byte*)packedA + bytesA);
        var scratch = stackalloc T[LargestTile];

        // Steps by what is left, because a whole step more may be no int.
        for (int j0 = 0, columns; j0 < g.N; j0 += columns)
        {
            columns = Math.Min(width, g.N - j0);
            for (int p0 = 0, steps; p0 < g.K; p0 += steps)
            {
                steps = Math.Min(depth, g.K - p0);
                var beta = p0 == 0 ? g.Beta : T.One;
                var b = g.B + p0 * g.RsB + j0 * g.CsB;
                var inPlace = packB ? 0 : columns / nr * nr;
                PackStrips(nr, columns - inPlace, steps, b + inPlace * g.CsB, g.CsB, g.RsB, packedB);
                for (int i0 = 0, rows; i0 < g.M; i0 += rows)
                {
                    rows = Math.Min(height, g.M - i0);
                    var a = g.A + i0 * g.RsA + p0 * g.CsA;
                    if (packA)
                    {
                        PackStrips(mr, rows, steps, a, g.RsA, g.CsA, packedA);
                    }

                    for (var j = 0; j < columns; j += nr)
                    {
                        var stripB = j < inPlace ? b + j : packedB + (nint)(j - inPlace) * steps;
                        var rsB = j < inPlace ? g.RsB : nr;
                        var full = g.CsC == 1 && j + nr <= columns;
                        for (var i = 0; i < rows; i += mr)
                        {
                            var tileRows = Math.Min(mr, rows - i);
                            var c = g.C + (i0 + i) * g.RsC + (j0 + j) * g.CsC;
                            var target = full ? c : scratch;
                            var rsC = full ? g.RsC : nr;
                            var tileColumns = Math.Min(nr, columns - j);
                            if (!full && !T.IsZero(beta))
                            {
                                Copy(tileRows, tileColumns, c, g.RsC, g.CsC, scratch, nr, 1);
                            }

                            if (packA)
                            {
                                var stripA = packedA + (nint)i * steps;
                                TTile.Multiply<PackedRows>(
                                    tileRows, steps, g.Alpha, stripA, 1, mr, stripB, rsB, beta, target, rsC);
                            }
                            else
                            {
                                var stripA = a + i * g.RsA;
                                TTile.Multiply<StridedRows>(
                                    tileRows, steps, g.Alpha, stripA, g.RsA, g.CsA, stripB, rsB, beta, target, rsC);
                            }

                            if (!full)
                            {
                                Copy(tileRows, tileColumns, scratch, nr, 1, c, g.RsC, g.CsC);
                            }
                        }
                    }
                }
            }
        }
    }

    private static void PackStrips(int lanes, int count, int steps, T* source, nint across, nint along, T* target)
    {
        var i = 0;
        if (across == 1)
        {
            i = GemmPack.Groups(lanes, count, steps, source, along, target);
            target += (nint)i * steps;
        }

        for (; i < count; i += lanes)
        {
            GemmPack.Strip(lanes, Math.Min(lanes, count - i), steps, source + i * across, across, along, target);
            target += (nint)lanes * steps;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(int rows, int columns, T* source, nint rsS, nint csS, T* target, nint rsT, nint csT)
    {
        for (var i = 0; i < rows; i++)
        {
            T* from = source + i * rsS, to = target + i * rsT;
            for (var j = 0; j < columns; j++)
            {
                to[j * csT] = from[j * csS];
            }
        }
    }

    // The length of equal parts of at most `limit`, rounded up to the unit: a last part much shorter than the others
    // would waste its set-up.
    private static int Even(int length, int limit, int unit)
    {
        limit = Math.Max(unit, limit / unit * unit);
        var parts = ((long)length + limit - 1) / limit;
        return (int)(((length + parts - 1) / parts + unit - 1) / unit * unit);
    }
}
