using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// Products so small that choosing tiles, packing and dividing cost more than the arithmetic:
/// the layers of tiny networks, and vectors of a few elements.
/// </summary>
/// <remarks>
/// Where B and C have contiguous rows, an element is a sum over k in sequence; registers of every width and single elements round alike, so that its
/// bits do not depend on its position. Where the sum runs along contiguous elements of both operands, it is taken in lanes, by the length alone.
/// </remarks>
internal static unsafe class GemmSmall
{
    /// <summary>Multiply-adds up to which this wins over the other paths; measured at squares and at vectors times squares.</summary>
    public const int MostWork = 1024;

    /// <summary>C = alpha * A * B + beta * C; k is at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        int m, int n, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB, T beta, T* c, nint rsC, nint csC)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (T.IsZero(alpha))
        {
            // As in BLAS: A and B are not read.
            k = 0;
        }

        if (csB == 1 && csC == 1)
        {
            for (var i = 0; i < m; i++)
            {
                Row(n, k, alpha, a + i * rsA, csA, b, rsB, beta, c + i * rsC);
            }

            return;
        }

        var inLanes = csA == 1 && rsB == 1 && k >= Vector128<T>.Count;
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                T* left = a + i * rsA, right = b + j * csB;
                Update(alpha, inLanes ? Dot(k, left, right) : Dot(k, left, csA, right, rsB), beta, c + i * rsC + j * csC);
            }
        }
    }

    /// <summary>One row of C, which is a sum of rows of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<T>(int n, int k, T alpha, T* a, nint csA, T* b, nint rsB, T beta, T* c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var j = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            j = Columns<T, Vector512<T>, Register512<T>>(j, n, k, alpha, a, csA, b, rsB, beta, c);
        }

        j = Columns<T, Vector128<T>, Register128<T>>(j, n, k, alpha, a, csA, b, rsB, beta, c);
        for (; j < n; j++)
        {
            Update(alpha, Dot(k, a, csA, b + j, rsB), beta, c + j);
        }
    }

    /// <summary>Columns of the row from j on, as many as fill registers; returns where they end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Columns<T, R, G>(int j, int n, int k, T alpha, T* a, nint csA, T* b, nint rsB, T beta, T* c)
        where T : unmanaged, IFloatingPointIeee754<T>
        where R : struct
        where G : struct, IRegister<T, R>
    {
        for (; j <= n - G.Count; j += G.Count)
        {
            var sum = G.Splat(T.Zero);
            for (var p = 0; p < k; p++)
            {
                sum = G.MultiplyAdd(G.Splat(a[p * csA]), G.Load(b + p * rsB + j), sum);
            }

            sum = G.Multiply(sum, G.Splat(alpha));
            G.Store(T.IsZero(beta) ? sum : G.MultiplyAdd(G.Splat(beta), G.Load(c + j), sum), c + j);
        }

        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(int k, T* a, T* b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sums = Vector128<T>.Zero;
        var p = 0;
        for (; p <= k - Vector128<T>.Count; p += Vector128<T>.Count)
        {
            sums = Register128<T>.MultiplyAdd(Vector128.Load(a + p), Vector128.Load(b + p), sums);
        }

        var sum = Vector128.Sum(sums);
        for (; p < k; p++)
        {
            sum = T.MultiplyAddEstimate(a[p], b[p], sum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(int k, T* a, nint stepA, T* b, nint stepB)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var p = 0; p < k; p++)
        {
            sum = T.MultiplyAddEstimate(*a, *b, sum);
            a += stepA;
            b += stepB;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<T>(T alpha, T product, T beta, T* target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        product *= alpha;
        *target = T.IsZero(beta) ? product : T.MultiplyAddEstimate(beta, *target, product);
    }
}
