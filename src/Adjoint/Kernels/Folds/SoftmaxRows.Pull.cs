using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;

namespace Adjoint.Kernels;

/// <content>The gradients: y * (g - sum(g * y)) of a softmax y, g - exp(y) * sum(g) of the logarithm y of one.</content>
internal static unsafe partial class SoftmaxRows
{
    /// <summary>Writes the gradient of each row to where x is.</summary>
    public static void Pull<T>(T* g, T* y, T* x, nint rows, nint length, bool isLog)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows == 0)
        {
            return;
        }

        var threads = rows * length < Fold.SharedElements / 4 ? 1 : Team.MaxThreads;
        var job = new PullJob
        {
            G = g,
            Y = y,
            X = x,
            Rows = rows,
            Length = length,
            IsLog = isLog,
            Parts = (int)Math.Min(rows, threads == 1 ? 1 : Fold.PartsPerThread * threads),
        };
        var part = default(PullPartOfWidth<T>);
        Width.Run<PullPartOfWidth<T>, T>(ref part);
        Team.Run(part.Pointer, &job, job.Parts);
    }

    private static void PullPart<L, T>(void* context, int part)
        where L : struct, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = (PullJob*)context;
        var end = job->Rows * (part + 1) / job->Parts;
        for (var row = job->Rows * part / job->Parts; row < end; row++)
        {
            var at = row * job->Length;
            if (job->IsLog)
            {
                PullLogRow<L, T>((T*)job->G + at, (T*)job->Y + at, (T*)job->X + at, job->Length);
            }
            else
            {
                PullRow<L, T>((T*)job->G + at, (T*)job->Y + at, (T*)job->X + at, job->Length);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PullRow<L, T>(T* g, T* y, T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        L a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
        nint i = 0;
        for (; i <= n - (4 * L.Count); i += 4 * L.Count)
        {
            a += L.Load(g + i) * L.Load(y + i);
            b += L.Load(g + i + L.Count) * L.Load(y + i + L.Count);
            c += L.Load(g + i + (2 * L.Count)) * L.Load(y + i + (2 * L.Count));
            d += L.Load(g + i + (3 * L.Count)) * L.Load(y + i + (3 * L.Count));
        }

        while (i < n)
        {
            // The last lanes overlap those before them, which count once.
            var start = Math.Min(i, n - L.Count);
            a += L.Select(L.First((int)(i - start)), L.Zero, L.Load(g + start) * L.Load(y + start));
            i = start + L.Count;
        }

        var sum = Total<L, T>((a + b) + (c + d));
        for (i = 0; i < n; i += L.Count)
        {
            i = Math.Min(i, n - L.Count);
            L.Store((L.Load(g + i) - sum) * L.Load(y + i), x + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PullLogRow<L, T>(T* g, T* y, T* x, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        L a = L.Zero, b = L.Zero, c = L.Zero, d = L.Zero;
        nint i = 0;
        for (; i <= n - (4 * L.Count); i += 4 * L.Count)
        {
            a += L.Load(g + i);
            b += L.Load(g + i + L.Count);
            c += L.Load(g + i + (2 * L.Count));
            d += L.Load(g + i + (3 * L.Count));
        }

        while (i < n)
        {
            var start = Math.Min(i, n - L.Count);
            a += L.Select(L.First((int)(i - start)), L.Zero, L.Load(g + start));
            i = start + L.Count;
        }

        var sum = Total<L, T>((a + b) + (c + d));
        for (i = 0; i < n; i += L.Count)
        {
            i = Math.Min(i, n - L.Count);
            L.Store(L.Load(g + i) - (L.Call<Exp>(L.Load(y + i)) * sum), x + i);
        }
    }

    private struct PullJob
    {
        public void* G;
        public void* Y;
        public void* X;
        public nint Rows;
        public nint Length;
        public bool IsLog;
        public int Parts;
    }

    /// <summary><see cref="PullPart"/> for the processor's registers.</summary>
    private struct PullPartOfWidth<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public delegate*<void*, int, void> Pointer;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Pointer = &PullPart<Lane<T, R, G>, T>;
    }
}
