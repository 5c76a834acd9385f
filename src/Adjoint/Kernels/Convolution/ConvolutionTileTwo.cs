using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>The tile of convolutions that is two registers wide and up to fourteen rows high.</summary>
internal static unsafe class ConvolutionTileTwo<T, V, L>
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
        var row6 = N.Count > 6 ? O.Row(offsets, 6) : 0;
        var row7 = N.Count > 7 ? O.Row(offsets, 7) : 0;
        var row8 = N.Count > 8 ? O.Row(offsets, 8) : 0;
        var row9 = N.Count > 9 ? O.Row(offsets, 9) : 0;
        var row10 = N.Count > 10 ? O.Row(offsets, 10) : 0;
        var row11 = N.Count > 11 ? O.Row(offsets, 11) : 0;
        var row12 = N.Count > 12 ? O.Row(offsets, 12) : 0;
        var row13 = N.Count > 13 ? O.Row(offsets, 13) : 0;
        V sum0 = default, sum0B = default;
        V sum1 = default, sum1B = default;
        V sum2 = default, sum2B = default;
        V sum3 = default, sum3B = default;
        V sum4 = default, sum4B = default;
        V sum5 = default, sum5B = default;
        V sum6 = default, sum6B = default;
        V sum7 = default, sum7B = default;
        V sum8 = default, sum8B = default;
        V sum9 = default, sum9B = default;
        V sum10 = default, sum10B = default;
        V sum11 = default, sum11B = default;
        V sum12 = default, sum12B = default;
        V sum13 = default, sum13B = default;
        for (; k > 0; k--)
        {
            var p = a + O.LeftStep(steps);
            var q = b + O.RightStep(steps);
            var mask = O.Mask<T, V, L>(steps);
            var right = L.Load(q);
            var rightB = L.Load(q + L.Count);
            var left = O.Left<T, V, L>(p + row0, mask);
            sum0 = L.MultiplyAdd(left, right, sum0);
            sum0B = L.MultiplyAdd(left, rightB, sum0B);
            left = N.Count > 1 ? O.Left<T, V, L>(p + row1, mask) : left;
            sum1 = N.Count > 1 ? L.MultiplyAdd(left, right, sum1) : sum1;
            sum1B = N.Count > 1 ? L.MultiplyAdd(left, rightB, sum1B) : sum1B;
            left = N.Count > 2 ? O.Left<T, V, L>(p + row2, mask) : left;
            sum2 = N.Count > 2 ? L.MultiplyAdd(left, right, sum2) : sum2;
            sum2B = N.Count > 2 ? L.MultiplyAdd(left, rightB, sum2B) : sum2B;
            left = N.Count > 3 ? O.Left<T, V, L>(p + row3, mask) : left;
            sum3 = N.Count > 3 ? L.MultiplyAdd(left, right, sum3) : sum3;
            sum3B = N.Count > 3 ? L.MultiplyAdd(left, rightB, sum3B) : sum3B;
            left = N.Count > 4 ? O.Left<T, V, L>(p + row4, mask) : left;
            sum4 = N.Count > 4 ? L.MultiplyAdd(left, right, sum4) : sum4;
            sum4B = N.Count > 4 ? L.MultiplyAdd(left, rightB, sum4B) : sum4B;
            left = N.Count > 5 ? O.Left<T, V, L>(p + row5, mask) : left;
            sum5 = N.Count > 5 ? L.MultiplyAdd(left, right, sum5) : sum5;
            sum5B = N.Count > 5 ? L.MultiplyAdd(left, rightB, sum5B) : sum5B;
            left = N.Count > 6 ? O.Left<T, V, L>(p + row6, mask) : left;
            sum6 = N.Count > 6 ? L.MultiplyAdd(left, right, sum6) : sum6;
            sum6B = N.Count > 6 ? L.MultiplyAdd(left, rightB, sum6B) : sum6B;
            left = N.Count > 7 ? O.Left<T, V, L>(p + row7, mask) : left;
            sum7 = N.Count > 7 ? L.MultiplyAdd(left, right, sum7) : sum7;
            sum7B = N.Count > 7 ? L.MultiplyAdd(left, rightB, sum7B) : sum7B;
            left = N.Count > 8 ? O.Left<T, V, L>(p + row8, mask) : left;
            sum8 = N.Count > 8 ? L.MultiplyAdd(left, right, sum8) : sum8;
            sum8B = N.Count > 8 ? L.MultiplyAdd(left, rightB, sum8B) : sum8B;
            left = N.Count > 9 ? O.Left<T, V, L>(p + row9, mask) : left;
            sum9 = N.Count > 9 ? L.MultiplyAdd(left, right, sum9) : sum9;
            sum9B = N.Count > 9 ? L.MultiplyAdd(left, rightB, sum9B) : sum9B;
            left = N.Count > 10 ? O.Left<T, V, L>(p + row10, mask) : left;
            sum10 = N.Count > 10 ? L.MultiplyAdd(left, right, sum10) : sum10;
            sum10B = N.Count > 10 ? L.MultiplyAdd(left, rightB, sum10B) : sum10B;
            left = N.Count > 11 ? O.Left<T, V, L>(p + row11, mask) : left;
            sum11 = N.Count > 11 ? L.MultiplyAdd(left, right, sum11) : sum11;
            sum11B = N.Count > 11 ? L.MultiplyAdd(left, rightB, sum11B) : sum11B;
            left = N.Count > 12 ? O.Left<T, V, L>(p + row12, mask) : left;
            sum12 = N.Count > 12 ? L.MultiplyAdd(left, right, sum12) : sum12;
            sum12B = N.Count > 12 ? L.MultiplyAdd(left, rightB, sum12B) : sum12B;
            left = N.Count > 13 ? O.Left<T, V, L>(p + row13, mask) : left;
            sum13 = N.Count > 13 ? L.MultiplyAdd(left, right, sum13) : sum13;
            sum13B = N.Count > 13 ? L.MultiplyAdd(left, rightB, sum13B) : sum13B;
            a += O.AdvanceLeft(N.Count);
            b += O.AdvanceRight(2 * L.Count);
            steps += O.StepLength;
        }

        Store(sum0, sum0B, isFresh, c);
        if (N.Count == 1)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum1, sum1B, isFresh, c);
        if (N.Count == 2)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum2, sum2B, isFresh, c);
        if (N.Count == 3)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum3, sum3B, isFresh, c);
        if (N.Count == 4)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum4, sum4B, isFresh, c);
        if (N.Count == 5)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum5, sum5B, isFresh, c);
        if (N.Count == 6)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum6, sum6B, isFresh, c);
        if (N.Count == 7)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum7, sum7B, isFresh, c);
        if (N.Count == 8)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum8, sum8B, isFresh, c);
        if (N.Count == 9)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum9, sum9B, isFresh, c);
        if (N.Count == 10)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum10, sum10B, isFresh, c);
        if (N.Count == 11)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum11, sum11B, isFresh, c);
        if (N.Count == 12)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum12, sum12B, isFresh, c);
        if (N.Count == 13)
        {
            return;
        }

        c += 2 * L.Count;
        Store(sum13, sum13B, isFresh, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, V sumB, bool isFresh, T* c)
    {
        L.Store(isFresh ? sum : L.Add(L.Load(c), sum), c);
        L.Store(isFresh ? sumB : L.Add(L.Load(c + L.Count), sumB), c + L.Count);
    }
}
