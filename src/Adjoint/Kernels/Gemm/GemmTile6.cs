using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>The tile of six rows and two registers: twelve sums, which fill a register file of sixteen.</summary>
/// <remarks>
/// Each step of k loads two registers of B, broadcasts six elements of A and makes twelve fused multiply-adds. Twelve
/// independent sums cover the latency of the multiply-add on every machine that has sixteen registers (four cycles, two
/// a cycle).
/// </remarks>
internal readonly unsafe struct Tile6<T, V, L> : ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    public static int Rows => 6;

    public static int Columns => 2 * L.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<R>(
        int rows, int k, T alpha, T* a, nint rsA, nint csA, T* b, nint rsB, T beta, T* c, nint rsC)
        where R : struct, IRowOrder
    {
        var row1 = R.Row(1, rows, rsA);
        var row2 = R.Row(2, rows, rsA);
        var row3 = R.Row(3, rows, rsA);
        var row4 = R.Row(4, rows, rsA);
        var row5 = R.Row(5, rows, rsA);
        var step = R.Step(6, csA);
        V low0 = default, high0 = default;
        V low1 = default, high1 = default;
        V low2 = default, high2 = default;
        V low3 = default, high3 = default;
        V low4 = default, high4 = default;
        V low5 = default, high5 = default;
        GemmPack.Prefetch(c, rows, rsC, Columns);
        for (; k > 0; k--)
        {
            var low = L.Load(b);
            var high = L.Load(b + L.Count);
            var x = L.Splat(*a);
            low0 = L.MultiplyAdd(x, low, low0);
            high0 = L.MultiplyAdd(x, high, high0);
            x = L.Splat(a[row1]);
            low1 = L.MultiplyAdd(x, low, low1);
            high1 = L.MultiplyAdd(x, high, high1);
            x = L.Splat(a[row2]);
            low2 = L.MultiplyAdd(x, low, low2);
            high2 = L.MultiplyAdd(x, high, high2);
            x = L.Splat(a[row3]);
            low3 = L.MultiplyAdd(x, low, low3);
            high3 = L.MultiplyAdd(x, high, high3);
            x = L.Splat(a[row4]);
            low4 = L.MultiplyAdd(x, low, low4);
            high4 = L.MultiplyAdd(x, high, high4);
            x = L.Splat(a[row5]);
            low5 = L.MultiplyAdd(x, low, low5);
            high5 = L.MultiplyAdd(x, high, high5);
            a += step;
            b += rsB;
        }

        var (scale, keep, fresh) = (L.Splat(alpha), L.Splat(beta), T.IsZero(beta));
        Store(scale, low0, high0, fresh, keep, c);
        if (rows == 1)
        {
            return;
        }

        c += rsC;
        Store(scale, low1, high1, fresh, keep, c);
        if (rows == 2)
        {
            return;
        }

        c += rsC;
        Store(scale, low2, high2, fresh, keep, c);
        if (rows == 3)
        {
            return;
        }

        c += rsC;
        Store(scale, low3, high3, fresh, keep, c);
        if (rows == 4)
        {
            return;
        }

        c += rsC;
        Store(scale, low4, high4, fresh, keep, c);
        if (rows == 5)
        {
            return;
        }

        c += rsC;
        Store(scale, low5, high5, fresh, keep, c);
    }

    public static void MultiplyVector(
        int m, int k, T alpha, T* a, nint rsA, nint csA, T* x, nint stepX, T beta, T* y, nint stepY) =>
        GemmVector<T, V, L>.Multiply(m, k, alpha, a, rsA, csA, x, stepX, beta, y, stepY);

    public static void Outer(
        int m, int n, T alpha, T* x, nint stepX, T* y, nint stepY, T beta, T* c, nint rsC, nint csC) =>
        GemmVector<T, V, L>.Outer(m, n, alpha, x, stepX, y, stepY, beta, c, rsC, csC);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V scale, V low, V high, bool fresh, V keep, T* c)
    {
        low = L.Multiply(scale, low);
        high = L.Multiply(scale, high);
        if (!fresh)
        {
            low = L.MultiplyAdd(keep, L.Load(c), low);
            high = L.MultiplyAdd(keep, L.Load(c + L.Count), high);
        }

        L.Store(low, c);
        L.Store(high, c + L.Count);
    }
}
