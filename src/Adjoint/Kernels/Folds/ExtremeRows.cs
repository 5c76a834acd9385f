using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Where the largest or the smallest element of each contiguous row is: the first NaN if there is one, otherwise the first of equal ones. Lanes find
/// the element, and then, while the row lies in the cache, the first place that holds it. Long rows are searched in pieces.
/// </summary>
internal static unsafe class ExtremeRows
{
    private const nint Piece = 32 * 1024;

    /// <summary>Searches rows of reals.</summary>
    public static void Real<T>(T* x, nint rows, nint length, long* positions, bool largest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var search = default(SearchOfWidth<T>);
        Width.Run<SearchOfWidth<T>, T>(ref search);
        Run(x, rows, length, positions, largest, search.Pointer);
    }

    /// <summary>Searches rows of whole numbers.</summary>
    public static void Whole<T>(T* x, nint rows, nint length, long* positions, bool largest)
        where T : unmanaged, IBinaryInteger<T> => Run(x, rows, length, positions, largest, &OneByOne);

    private static void Run<T>(
        T* x, nint rows, nint length, long* positions, bool largest, delegate*<T*, nint, bool, nint> search)
        where T : unmanaged, INumber<T>
    {
        if (rows == 0)
        {
            return;
        }

        var threads = rows * length < Fold.SharedElements ? 1 : Team.MaxThreads;
        var job = new Job<T>
        {
            X = x,
            Rows = rows,
            Length = length,
            Positions = positions,
            Largest = largest,
            Search = search,
            Pieces = rows < threads ? Math.Max(length / Piece, 1) : 1,
        };
        if (job.Pieces > 1)
        {
            job.Places = (long*)GemmBuffer.Rent((nuint)(rows * job.Pieces) * sizeof(long));
        }

        job.Parts = (int)Math.Min(rows * job.Pieces, threads == 1 ? 1 : Fold.PartsPerThread * threads);
        Team.Run(&Part<T>, &job, job.Parts);
        for (nint row = 0; job.Pieces > 1 && row < rows; row++)
        {
            positions[row] = First(job, row);
        }
    }

    private static void Part<T>(void* context, int part)
        where T : unmanaged, INumber<T>
    {
        var job = (Job<T>*)context;
        var units = job->Rows * job->Pieces;
        var end = units * (part + 1) / job->Parts;
        for (var i = units * part / job->Parts; i < end; i++)
        {
            var (row, piece) = job->Pieces == 1 ? (i, 0) : Math.DivRem(i, job->Pieces);
            var start = job->Length * piece / job->Pieces;
            var length = (job->Length * (piece + 1) / job->Pieces) - start;
            (job->Pieces == 1 ? job->Positions : job->Places)[i] =
                start + job->Search(job->X + (row * job->Length) + start, length, job->Largest);
        }
    }

    /// <summary>The place among those that the pieces of a row found.</summary>
    private static long First<T>(in Job<T> job, nint row)
        where T : unmanaged, INumber<T>
    {
        var places = job.Places + (row * job.Pieces);
        var x = job.X + (row * job.Length);
        var best = places[0];
        for (nint piece = 1; piece < job.Pieces && !T.IsNaN(x[best]); piece++)
        {
            var other = x[places[piece]];
            if (T.IsNaN(other) || (job.Largest ? other > x[best] : other < x[best]))
            {
                best = places[piece];
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint OneByOne<T>(T* x, nint n, bool largest)
        where T : unmanaged, INumber<T>
    {
        nint best = 0;
        for (nint i = 1; i < n && !T.IsNaN(x[best]); i++)
        {
            if (T.IsNaN(x[i]) || (largest ? x[i] > x[best] : x[i] < x[best]))
            {
                best = i;
            }
        }

        return best;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Lanes<L, T>(T* x, nint n, bool largest)
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n < 2 * L.Count)
        {
            return OneByOne(x, n, largest);
        }

        var lanes = stackalloc T[16];
        var top = largest ? Largest<L, T>(x, n) : Smallest<L, T>(x, n);
        for (var width = L.Count / 2; width > 0; width /= 2)
        {
            var other = L.Shift(top, width);
            top = largest ? L.Max(top, other) : L.Min(top, other);
        }

        L.Store(top, lanes);
        var bytes = stackalloc byte[16];
        top = L.Splat(lanes[0]);
        var isNaN = T.IsNaN(lanes[0]);
        for (nint i = 0; ; i = Math.Min(i + L.Count, n - L.Count))
        {
            var value = L.Load(x + i);
            var found = isNaN ? L.Not(L.Equal(value, value)) : L.Equal(value, top);
            if (L.Any(found))
            {
                L.StoreMask(found, bytes, L.Count);
                while (*bytes == 0)
                {
                    bytes++;
                    i++;
                }

                return i;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Largest<L, T>(T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        L a = L.Load(x), b = a, c = a, d = a;
        var last = L.Load(x + n - L.Count);
        for (; n >= 4 * L.Count; n -= 4 * L.Count)
        {
            a = L.Max(a, L.Load(x));
            b = L.Max(b, L.Load(x + L.Count));
            c = L.Max(c, L.Load(x + (2 * L.Count)));
            d = L.Max(d, L.Load(x + (3 * L.Count)));
            x += 4 * L.Count;
        }

        for (; n >= L.Count; n -= L.Count)
        {
            a = L.Max(a, L.Load(x));
            x += L.Count;
        }

        return L.Max(L.Max(L.Max(a, b), L.Max(c, d)), last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Smallest<L, T>(T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        L a = L.Load(x), b = a, c = a, d = a;
        var last = L.Load(x + n - L.Count);
        for (; n >= 4 * L.Count; n -= 4 * L.Count)
        {
            a = L.Min(a, L.Load(x));
            b = L.Min(b, L.Load(x + L.Count));
            c = L.Min(c, L.Load(x + (2 * L.Count)));
            d = L.Min(d, L.Load(x + (3 * L.Count)));
            x += 4 * L.Count;
        }

        for (; n >= L.Count; n -= L.Count)
        {
            a = L.Min(a, L.Load(x));
            x += L.Count;
        }

        return L.Min(L.Min(L.Min(a, b), L.Min(c, d)), last);
    }

    private struct Job<T>
        where T : unmanaged
    {
        public T* X;
        public nint Rows;
        public nint Length;
        public nint Pieces;
        public long* Positions;
        public long* Places;
        public bool Largest;
        public int Parts;
        public delegate*<T*, nint, bool, nint> Search;
    }

    /// <summary>The search for the processor's registers.</summary>
    private struct SearchOfWidth<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public delegate*<T*, nint, bool, nint> Pointer;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Pointer = &Lanes<Lane<T, R, G>, T>;
    }
}
