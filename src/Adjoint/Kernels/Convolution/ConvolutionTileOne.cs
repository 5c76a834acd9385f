using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>The tile of convolutions that is one register wide and up to fourteen rows high.</summary>
internal static unsafe class ConvolutionTileOne<T, V, L>
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
        V sum0 = default;
        V sum1 = default;
        V sum2 = default;
        V sum3 = default;
        V sum4 = default;
        V sum5 = default;
        V sum6 = default;
        V sum7 = default;
        V sum8 = default;
        V sum9 = default;
        V sum10 = default;
        V sum11 = default;
        V sum12 = default;
        V sum13 = default;
        for (; k > 0; k--)
        {
            var p = a + O.LeftStep(steps);
            var q = b + O.RightStep(steps);
            var mask = O.Mask<T, V, L>(steps);
            var right = L.Load(q);
            sum0 = L.MultiplyAdd(O.Left<T, V, L>(p + row0, mask), right, sum0);
            sum1 = N.Count > 1 ? L.MultiplyAdd(O.Left<T, V, L>(p + row1, mask), right, sum1) : sum1;
            sum2 = N.Count > 2 ? L.MultiplyAdd(O.Left<T, V, L>(p + row2, mask), right, sum2) : sum2;
            sum3 = N.Count > 3 ? L.MultiplyAdd(O.Left<T, V, L>(p + row3, mask), right, sum3) : sum3;
            sum4 = N.Count > 4 ? L.MultiplyAdd(O.Left<T, V, L>(p + row4, mask), right, sum4) : sum4;
            sum5 = N.Count > 5 ? L.MultiplyAdd(O.Left<T, V, L>(p + row5, mask), right, sum5) : sum5;
            sum6 = N.Count > 6 ? L.MultiplyAdd(O.Left<T, V, L>(p + row6, mask), right, sum6) : sum6;
            sum7 = N.Count > 7 ? L.MultiplyAdd(O.Left<T, V, L>(p + row7, mask), right, sum7) : sum7;
            sum8 = N.Count > 8 ? L.MultiplyAdd(O.Left<T, V, L>(p + row8, mask), right, sum8) : sum8;
            sum9 = N.Count > 9 ? L.MultiplyAdd(O.Left<T, V, L>(p + row9, mask), right, sum9) : sum9;
            sum10 = N.Count > 10 ? L.MultiplyAdd(O.Left<T, V, L>(p + row10, mask), right, sum10) : sum10;
            sum11 = N.Count > 11 ? L.MultiplyAdd(O.Left<T, V, L>(p + row11, mask), right, sum11) : sum11;
            sum12 = N.Count > 12 ? L.MultiplyAdd(O.Left<T, V, L>(p + row12, mask), right, sum12) : sum12;
            sum13 = N.Count > 13 ? L.MultiplyAdd(O.Left<T, V, L>(p + row13, mask), right, sum13) : sum13;
            a += O.AdvanceLeft(N.Count);
            b += O.AdvanceRight(L.Count);
            steps += O.StepLength;
        }

        Store(sum0, isFresh, c);
        if (N.Count == 1)
        {
            return;
        }

        c += L.Count;
        Store(sum1, isFresh, c);
        if (N.Count == 2)
        {
            return;
        }

        c += L.Count;
        Store(sum2, isFresh, c);
        if (N.Count == 3)
        {
            return;
        }

        c += L.Count;
        Store(sum3, isFresh, c);
        if (N.Count == 4)
        {
            return;
        }

        c += L.Count;
        Store(sum4, isFresh, c);
        if (N.Count == 5)
        {
            return;
        }

        c += L.Count;
        Store(sum5, isFresh, c);
        if (N.Count == 6)
        {
            return;
        }

        c += L.Count;
        Store(sum6, isFresh, c);
        if (N.Count == 7)
        {
            return;
        }

        c += L.Count;
        Store(sum7, isFresh, c);
        if (N.Count == 8)
        {
            return;
        }

        c += L.Count;
        Store(sum8, isFresh, c);
        if (N.Count == 9)
        {
            return;
        }

        c += L.Count;
        Store(sum9, isFresh, c);
        if (N.Count == 10)
        {
            return;
        }

        c += L.Count;
        Store(sum10, isFresh, c);
        if (N.Count == 11)
        {
            return;
        }

        c += L.Count;
        Store(sum11, isFresh, c);
        if (N.Count == 12)
        {
            return;
        }

        c += L.Count;
        Store(sum12, isFresh, c);
        if (N.Count == 13)
        {
            return;
        }

        c += L.Count;
        Store(sum13, isFresh, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, bool isFresh, T* c)
    {
        L.Store(isFresh ? sum : L.Add(L.Load(c), sum), c);
    }
}
