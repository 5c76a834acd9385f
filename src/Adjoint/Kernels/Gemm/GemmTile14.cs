using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// The tile of fourteen rows and two registers: twenty-eight sums, which fill a register file of thirty-two.
/// </summary>
/// <remarks>
/// The tile of 512-bit registers, and of the 128-bit ones of Arm. What is left over holds two registers of B and one
/// broadcast of A.
/// </remarks>
internal readonly unsafe struct Tile14<T, V, L> : ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    public static int Rows => 14;

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
        var row6 = R.Row(6, rows, rsA);
        var row7 = R.Row(7, rows, rsA);
        var row8 = R.Row(8, rows, rsA);
        var row9 = R.Row(9, rows, rsA);
        var row10 = R.Row(10, rows, rsA);
        var row11 = R.Row(11, rows, rsA);
        var row12 = R.Row(12, rows, rsA);
        var row13 = R.Row(13, rows, rsA);
        var step = R.Step(14, csA);
        V low0 = default, high0 = default;
        V low1 = default, high1 = default;
        V low2 = default, high2 = default;
        V low3 = default, high3 = default;
        V low4 = default, high4 = default;
        V low5 = default, high5 = default;
        V low6 = default, high6 = default;
        V low7 = default, high7 = default;
        V low8 = default, high8 = default;
        V low9 = default, high9 = default;
        V low10 = default, high10 = default;
        V low11 = default, high11 = default;
        V low12 = default, high12 = default;
        V low13 = default, high13 = default;
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
            x = L.Splat(a[row6]);
            low6 = L.MultiplyAdd(x, low, low6);
            high6 = L.MultiplyAdd(x, high, high6);
            x = L.Splat(a[row7]);
            low7 = L.MultiplyAdd(x, low, low7);
            high7 = L.MultiplyAdd(x, high, high7);
            x = L.Splat(a[row8]);
            low8 = L.MultiplyAdd(x, low, low8);
            high8 = L.MultiplyAdd(x, high, high8);
            x = L.Splat(a[row9]);
            low9 = L.MultiplyAdd(x, low, low9);
            high9 = L.MultiplyAdd(x, high, high9);
            x = L.Splat(a[row10]);
            low10 = L.MultiplyAdd(x, low, low10);
            high10 = L.MultiplyAdd(x, high, high10);
            x = L.Splat(a[row11]);
            low11 = L.MultiplyAdd(x, low, low11);
            high11 = L.MultiplyAdd(x, high, high11);
            x = L.Splat(a[row12]);
            low12 = L.MultiplyAdd(x, low, low12);
            high12 = L.MultiplyAdd(x, high, high12);
            x = L.Splat(a[row13]);
            low13 = L.MultiplyAdd(x, low, low13);
            high13 = L.MultiplyAdd(x, high, high13);
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
        if (rows == 6)
        {
            return;
        }

        c += rsC;
        Store(scale, low6, high6, fresh, keep, c);
        if (rows == 7)
        {
            return;
        }

        c += rsC;
        Store(scale, low7, high7, fresh, keep, c);
        if (rows == 8)
        {
            return;
        }

        c += rsC;
        Store(scale, low8, high8, fresh, keep, c);
        if (rows == 9)
        {
            return;
        }

        c += rsC;
        Store(scale, low9, high9, fresh, keep, c);
        if (rows == 10)
        {
            return;
        }

        c += rsC;
        Store(scale, low10, high10, fresh, keep, c);
        if (rows == 11)
        {
            return;
        }

        c += rsC;
        Store(scale, low11, high11, fresh, keep, c);
        if (rows == 12)
        {
            return;
        }

        c += rsC;
        Store(scale, low12, high12, fresh, keep, c);
        if (rows == 13)
        {
            return;
        }

        c += rsC;
        Store(scale, low13, high13, fresh, keep, c);
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
