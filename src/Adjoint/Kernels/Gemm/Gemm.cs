using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

// The matrix product.
//
// Start with Run: it picks the register tile for the processor (GemmTile6, GemmTile14), then a path from the shape
// (GemmPath), then the number of threads. Nearly all work is done by ITile.Multiply, which holds a tile of C in
// registers and runs over k; GemmTiled feeds it.
//
// Why it is fast. A tile of six rows and two registers loads eight values for twelve multiply-adds, so the loads hide
// behind the arithmetic and the multiply-add units never wait. What remains is to have those values near: k is cut so
// that a strip of B (k steps by one tile width) fits the first-level cache, m so that a block of A fits the second, n
// so that a panel of B fits the third. Packing lays strips out in the order in which they are read, which makes every
// stride and every transposition the same to the tile. An operand that is used only a few times is read in place.
//
// Invariants. An element of C is a sum over k in an order fixed by the shape of the whole product: blocks of k in
// sequence, each summed in one register lane, by the same instructions at the edge of the matrix as inside. Threads
// split C only, at tile boundaries, never k. So the bits of the result do not depend on the number of threads.

/// <summary>The matrix product of real matrices, C = alpha * A * B + beta * C, with any strides.</summary>
internal static unsafe class Gemm
{
    // Work that is worth waking a second thread for: multiply-adds that stay in registers, and elements that come from
    // memory.
    private const long ParallelTiled = 1 << 20;
    private const long ParallelMemory = 1 << 18;

    // A tile that is filled by one part in so many is not worth it: the columns or rows are taken one by one, though
    // the matrix is then read as many times.
    private const int FewColumns = 4;
    private const int FewRows = 3;

    /// <summary>The most threads that one product uses.</summary>
    internal static int MaxThreads
    {
        get => Team.MaxThreads;
        set => Team.MaxThreads = value;
    }

    /// <summary>
    /// C[m,n] = alpha * A[m,k] * B[k,n] + beta * C. Strides are in elements and may be 0 in A and B; C must not overlap
    /// A, B or itself.
    /// </summary>
    /// <remarks>
    /// As in BLAS, beta 0 means that C is not read, and alpha 0 that A and B are not: NaN there does not reach the
    /// result.
    /// </remarks>
    public static void Run<T>(
        int m, int n, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB,
        T beta, T* c, nint rsC, nint csC)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (k > 0 && (double)m * n * k <= GemmSmall.MostWork)
        {
            GemmSmall.Run(m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC, csC);
        }
        else
        {
            Choose(Call(m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC, csC), 1, 0, 0, 0);
        }
    }

    /// <summary>The same product for each member of a batch, whose operands lie <c>step</c> elements apart.</summary>
    public static void RunBatched<T>(
        int batch, int m, int n, int k, T alpha, T* a, nint stepA, nint rsA, nint csA,
        T* b, nint stepB, nint rsB, nint csB, T beta, T* c, nint stepC, nint rsC, nint csC)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Choose(Call(m, n, k, alpha, a, rsA, csA, b, rsB, csB, beta, c, rsC, csC), batch, stepA, stepB, stepC);

    /// <summary>The product, or a batch of products, with a register tile of the caller's choice.</summary>
    internal static void Run<T, TTile>(in GemmCall<T> call, int batch, nint stepA, nint stepB, nint stepC)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        if (call.M == 0 || call.N == 0 || batch == 0)
        {
            return;
        }

        var path = PathOf<T, TTile>(call);
        var threads = path == GemmPath.Small ? 1 : MaxThreads;
        var work = (double)call.M * call.N * (path is GemmPath.Scale ? 1 : call.K);
        var threshold = path == GemmPath.Tiled ? ParallelTiled : ParallelMemory;
        if (batch == 1)
        {
            if (threads == 1 || work < threshold)
            {
                Serial<T, TTile>(path, call);
                return;
            }

            var (unitM, unitN) = path switch
            {
                GemmPath.Tiled => (TTile.Rows, TTile.Columns),
                GemmPath.Right => (64, call.N),
                GemmPath.Left => (call.M, 64),
                _ => (4, 64),
            };
            GemmJob<T, TTile>.Run(call, path, threads, unitM, unitN);
            return;
        }

        if (MaxThreads > 1 && work * batch >= threshold && (batch >= MaxThreads || work < threshold))
        {
            GemmJob<T, TTile>.RunBatch(call, path, MaxThreads, batch, stepA, stepB, stepC);
            return;
        }

        var member = call;
        for (var i = 0; i < batch; i++)
        {
            Run<T, TTile>(member, 1, 0, 0, 0);
            member.A += stepA;
            member.B += stepB;
            member.C += stepC;
        }
    }

    /// <summary>The product on the calling thread.</summary>
    internal static void Serial<T, TTile>(GemmPath path, in GemmCall<T> g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        switch (path)
        {
            case GemmPath.Tiled:
                GemmTiled<T, TTile>.Run(g);
                break;
            case GemmPath.Right:
                for (var j = 0; j < g.N; j++)
                {
                    TTile.MultiplyVector(
                        g.M, g.K, g.Alpha, g.A, g.RsA, g.CsA, g.B + j * g.CsB, g.RsB, g.Beta, g.C + j * g.CsC, g.RsC);
                }

                break;
            case GemmPath.Left:
                for (var i = 0; i < g.M; i++)
                {
                    TTile.MultiplyVector(
                        g.N, g.K, g.Alpha, g.B, g.CsB, g.RsB, g.A + i * g.RsA, g.CsA, g.Beta, g.C + i * g.RsC, g.CsC);
                }

                break;
            case GemmPath.Outer:
                TTile.Outer(g.M, g.N, g.Alpha, g.A, g.RsA, g.B, g.CsB, g.Beta, g.C, g.RsC, g.CsC);
                break;
            default:
                GemmSmall.Run(g.M, g.N, g.K, g.Alpha, g.A, g.RsA, g.CsA, g.B, g.RsB, g.CsB, g.Beta, g.C, g.RsC, g.CsC);
                break;
        }
    }

    internal static GemmCall<T> Call<T>(
        int m, int n, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB,
        T beta, T* c, nint rsC, nint csC)
        where T : unmanaged => new()
        {
            M = m, N = n, K = k, Alpha = alpha, Beta = beta,
            A = a, RsA = rsA, CsA = csA,
            B = b, RsB = rsB, CsB = csB,
            C = c, RsC = rsC, CsC = csC,
        };

    private static void Choose<T>(in GemmCall<T> call, int batch, nint stepA, nint stepB, nint stepC)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Chosen<T> { Call = call, Batch = batch, StepA = stepA, StepB = stepB, StepC = stepC };
        GemmTiles.Run<Chosen<T>, T>(ref job);
    }

    private static GemmPath PathOf<T, TTile>(in GemmCall<T> g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        if (g.K == 0 || T.IsZero(g.Alpha))
        {
            return GemmPath.Scale;
        }

        var work = (double)g.M * g.N * g.K;
        return work <= GemmSmall.MostWork ? GemmPath.Small
            : g.N == 1 ? GemmPath.Right
            : g.M == 1 ? GemmPath.Left
            : g.K == 1 ? GemmPath.Outer
            : (long)g.N * FewColumns <= TTile.Columns ? GemmPath.Right
            : (long)g.M * FewRows <= TTile.Rows ? GemmPath.Left
            : GemmPath.Tiled;
    }

    private struct Chosen<T> : ITileJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public GemmCall<T> Call;
        public int Batch;
        public nint StepA;
        public nint StepB;
        public nint StepC;

        public readonly void Run<TTile>()
            where TTile : struct, ITile<T> => Gemm.Run<T, TTile>(Call, Batch, StepA, StepB, StepC);
    }
}
