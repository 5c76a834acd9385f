using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>The tile of convolutions that is four registers wide and up to six rows high.</summary>
internal static unsafe class ConvolutionTileFour<T, V, L>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
    where L : struct, IRegister<T, V>
{
    /// <summary>See <see cref="IConvolutionTile{T}.Multiply"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<N, O>(int k, T* a, T* b, nint* offsets, nint* steps, bool isFresh, T* c)
        where N : struct, ICount
        where O : struct, IOperands
    {
        var row0 = N.Count > 0 ? O.Row(offsets, 0) : 0;
        var row1 = N.Count > 1 ? O.Row(offsets, 1) : 0;
        var row2 = N.Count > 2 ? O.Row(offsets, 2) : 0;
        var row3 = N.Count > 3 ? O.Row(offsets, 3) : 0;
        var row4 = N.Count > 4 ? O.Row(offsets, 4) : 0;
        var row5 = N.Count > 5 ? O.Row(offsets, 5) : 0;
        V sum0 = default, sum0B = default, sum0C = default, sum0D = default;
        V sum1 = default, sum1B = default, sum1C = default, sum1D = default;
        V sum2 = default, sum2B = default, sum2C = default, sum2D = default;
        V sum3 = default, sum3B = default, sum3C = default, sum3D = default;
        V sum4 = default, sum4B = default, sum4C = default, sum4D = default;
        V sum5 = default, sum5B = default, sum5C = default, sum5D = default;
        for (; k > 0; k--)
        {
            var p = a + O.LeftStep(steps);
            var q = b + O.RightStep(steps);
            var mask = O.Mask<T, V, L>(steps);
            var right = L.Load(q);
            var rightB = L.Load(q + L.Count);
            var rightC = L.Load(q + (2 * L.Count));
            var rightD = L.Load(q + (3 * L.Count));
            var left = O.Left<T, V, L>(p + row0, mask);
            sum0 = L.MultiplyAdd(left, right, sum0);
            sum0B = L.MultiplyAdd(left, rightB, sum0B);
            sum0C = L.MultiplyAdd(left, rightC, sum0C);
            sum0D = L.MultiplyAdd(left, rightD, sum0D);
            left = N.Count > 1 ? O.Left<T, V, L>(p + row1, mask) : left;
            sum1 = N.Count > 1 ? L.MultiplyAdd(left, right, sum1) : sum1;
            sum1B = N.Count > 1 ? L.MultiplyAdd(left, rightB, sum1B) : sum1B;
            sum1C = N.Count > 1 ? L.MultiplyAdd(left, rightC, sum1C) : sum1C;
            sum1D = N.Count > 1 ? L.MultiplyAdd(left, rightD, sum1D) : sum1D;
            left = N.Count > 2 ? O.Left<T, V, L>(p + row2, mask) : left;
            sum2 = N.Count > 2 ? L.MultiplyAdd(left, right, sum2) : sum2;
            sum2B = N.Count > 2 ? L.MultiplyAdd(left, rightB, sum2B) : sum2B;
            sum2C = N.Count > 2 ? L.MultiplyAdd(left, rightC, sum2C) : sum2C;
            sum2D = N.Count > 2 ? L.MultiplyAdd(left, rightD, sum2D) : sum2D;
            left = N.Count > 3 ? O.Left<T, V, L>(p + row3, mask) : left;
            sum3 = N.Count > 3 ? L.MultiplyAdd(left, right, sum3) : sum3;
            sum3B = N.Count > 3 ? L.MultiplyAdd(left, rightB, sum3B) : sum3B;
            sum3C = N.Count > 3 ? L.MultiplyAdd(left, rightC, sum3C) : sum3C;
            sum3D = N.Count > 3 ? L.MultiplyAdd(left, rightD, sum3D) : sum3D;
            left = N.Count > 4 ? O.Left<T, V, L>(p + row4, mask) : left;
            sum4 = N.Count > 4 ? L.MultiplyAdd(left, right, sum4) : sum4;
            sum4B = N.Count > 4 ? L.MultiplyAdd(left, rightB, sum4B) : sum4B;
            sum4C = N.Count > 4 ? L.MultiplyAdd(left, rightC, sum4C) : sum4C;
            sum4D = N.Count > 4 ? L.MultiplyAdd(left, rightD, sum4D) : sum4D;
            left = N.Count > 5 ? O.Left<T, V, L>(p + row5, mask) : left;
            sum5 = N.Count > 5 ? L.MultiplyAdd(left, right, sum5) : sum5;
            sum5B = N.Count > 5 ? L.MultiplyAdd(left, rightB, sum5B) : sum5B;
            sum5C = N.Count > 5 ? L.MultiplyAdd(left, rightC, sum5C) : sum5C;
            sum5D = N.Count > 5 ? L.MultiplyAdd(left, rightD, sum5D) : sum5D;
            a += O.AdvanceLeft(N.Count);
            b += O.AdvanceRight(4 * L.Count);
            steps += O.StepLength;
        }

        Store(sum0, sum0B, sum0C, sum0D, isFresh, c);
        if (N.Count == 1)
        {
            return;
        }

        c += 4 * L.Count;
        Store(sum1, sum1B, sum1C, sum1D, isFresh, c);
        if (N.Count == 2)
        {
            return;
        }

        c += 4 * L.Count;
        Store(sum2, sum2B, sum2C, sum2D, isFresh, c);
        if (N.Count == 3)
        {
            return;
        }

        c += 4 * L.Count;
        Store(sum3, sum3B, sum3C, sum3D, isFresh, c);
        if (N.Count == 4)
        {
            return;
        }

        c += 4 * L.Count;
        Store(sum4, sum4B, sum4C, sum4D, isFresh, c);
        if (N.Count == 5)
        {
            return;
        }

        c += 4 * L.Count;
        Store(sum5, sum5B, sum5C, sum5D, isFresh, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, V sumB, V sumC, V sumD, bool isFresh, T* c)
    {
        L.Store(isFresh ? sum : L.Add(L.Load(c), sum), c);
        L.Store(isFresh ? sumB : L.Add(L.Load(c + L.Count), sumB), c + L.Count);
        L.Store(isFresh ? sumC : L.Add(L.Load(c + (2 * L.Count)), sumC), c + (2 * L.Count));
        L.Store(isFresh ? sumD : L.Add(L.Load(c + (3 * L.Count)), sumD), c + (3 * L.Count));
    }
}
