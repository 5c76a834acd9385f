using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Neighbours folded by lanes, and the carry chains that join what they give.</summary>
internal static unsafe class FoldBlock<F, L, T>
    where F : struct, IFoldMap
    where L : struct, ILane<L, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Neighbours that are folded without a tree: at most 64 additions, one after another, in the narrowest lanes.</summary>
    public const int Longest = 2048;

    /// <summary>Elements of the widest lane.</summary>
    public const int Widest = 16;

    /// <summary>Levels of the longest carry chain.</summary>
    public const int Levels = 48;

    /// <summary>Lanes that are folded side by side. What stands still along a row is read from so many lanes' worth of copies.</summary>
    public const int Unrolled = 8;

    /// <summary>Up to one block: eight lanes at a time, which hides how long an addition takes; what is left over fills up with units.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static L Row(in F given, in FoldReads<T> x, nint n)
    {
        if (n < L.Count)
        {
            return n == 0 ? given.Unit<L>() : Short(given, x, n);
        }

        var fold = given;
        T* p = x.A, q = x.B, r = x.C, s = x.D;
        L a = fold.Unit<L>(), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (; n >= Unrolled * L.Count; n -= Unrolled * L.Count)
        {
            a = fold.Combine(a, At(fold, p, q, r, s, 0));
            b = fold.Combine(b, At(fold, p, q, r, s, L.Count));
            c = fold.Combine(c, At(fold, p, q, r, s, 2 * L.Count));
            d = fold.Combine(d, At(fold, p, q, r, s, 3 * L.Count));
            e = fold.Combine(e, At(fold, p, q, r, s, 4 * L.Count));
            f = fold.Combine(f, At(fold, p, q, r, s, 5 * L.Count));
            g = fold.Combine(g, At(fold, p, q, r, s, 6 * L.Count));
            h = fold.Combine(h, At(fold, p, q, r, s, 7 * L.Count));
            p += F.Arity > 1 ? Unrolled * L.Count * x.StepA : Unrolled * L.Count;
            q += F.Arity > 1 ? Unrolled * L.Count * x.StepB : 0;
            r += F.Arity > 2 ? Unrolled * L.Count * x.StepC : 0;
            s += F.Arity > 3 ? Unrolled * L.Count * x.StepD : 0;
        }

        nint i = 0;
        for (; i <= n - L.Count; i += L.Count)
        {
            a = fold.Combine(a, At(fold, p, q, r, s, i));
        }

        if (i < n)
        {
            // The last lane's worth of elements, without those that were there before.
            var back = L.Count - (n - i);
            var last = At(
                fold,
                F.Arity > 1 ? p - (back * x.StepA) : p - back,
                F.Arity > 1 ? q - (back * x.StepB) : q,
                F.Arity > 2 ? r - (back * x.StepC) : r,
                F.Arity > 3 ? s - (back * x.StepD) : s,
                i);
            h = fold.Combine(h, L.Select(L.First((int)back), fold.Unit<L>(), last));
        }

        a = fold.Combine(fold.Combine(a, b), fold.Combine(c, d));
        return fold.Combine(a, fold.Combine(fold.Combine(e, f), fold.Combine(g, h)));
    }

    /// <summary>The lanes of one value combined.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Total(in F fold, L value)
    {
        value = L.Count > 8 ? fold.Combine(value, L.Shift(value, 8)) : value;
        value = L.Count > 4 ? fold.Combine(value, L.Shift(value, 4)) : value;
        value = L.Count > 2 ? fold.Combine(value, L.Shift(value, 2)) : value;
        value = fold.Combine(value, L.Shift(value, 1));
        var lanes = stackalloc T[Widest];
        L.Store(value, lanes);
        return lanes[0];
    }

    /// <summary>Adds a value to a carry chain: level k holds 2^k of them where bit k of the count is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Carry(in F fold, T* levels, nint count, L value)
    {
        for (var rest = count; (rest & 1) != 0; rest >>= 1)
        {
            value = fold.Combine(L.Load(levels), value);
            levels += L.Count;
        }

        L.Store(value, levels);
        return count + 1;
    }

    /// <summary>The chain and what comes after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static L Collect(in F fold, T* levels, nint count, L result)
    {
        for (; count != 0; count >>= 1)
        {
            if ((count & 1) != 0)
            {
                result = fold.Combine(L.Load(levels), result);
            }

            levels += L.Count;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L At(in F fold, T* p, T* q, T* r, T* s, nint i) => fold.Read(
        L.Load(p + i),
        F.Arity > 1 ? L.Load(q + i) : default,
        F.Arity > 2 ? L.Load(r + i) : default,
        F.Arity > 3 ? L.Load(s + i) : default);

    /// <summary>Fewer elements than a lane holds.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static L Short(in F fold, in FoldReads<T> x, nint n)
    {
        var buffer = stackalloc T[Widest];
        var value = fold.Read(
            Padded(x.A, x.StepA, n, buffer),
            F.Arity > 1 ? Padded(x.B, x.StepB, n, buffer) : default,
            F.Arity > 2 ? Padded(x.C, x.StepC, n, buffer) : default,
            F.Arity > 3 ? Padded(x.D, x.StepD, n, buffer) : default);
        return L.Select(L.First((int)n), value, fold.Unit<L>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Padded(T* from, nint step, nint n, T* buffer)
    {
        L.Store(L.Splat(*from), buffer);
        for (nint i = 1; i < n; i++)
        {
            buffer[i] = from[i * step];
        }

        return L.Load(buffer);
    }
}
