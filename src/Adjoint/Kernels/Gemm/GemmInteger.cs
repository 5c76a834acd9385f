using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>The matrix product of integers: exact modulo the width of the type, as in PyTorch.</summary>
internal static unsafe class GemmInteger
{
    /// <summary>
    /// C[m,n] = alpha * A[m,k] * B[k,n] + beta * C, with strides in elements; beta 0 means C is not read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        int m, int n, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, nint csB,
        T beta, T* c, nint rsC, nint csC)
        where T : unmanaged, INumber<T>
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var left = a + i * rsA;
                var right = b + j * csB;
                var sum = T.Zero;
                for (var p = 0; p < k; p++)
                {
                    sum = unchecked(sum + *left * *right);
                    left += csA;
                    right += rsB;
                }

                var target = c + i * rsC + j * csC;
                var product = unchecked(alpha * sum);
                *target = T.IsZero(beta) ? product : unchecked(product + beta * *target);
            }
        }
    }
}
