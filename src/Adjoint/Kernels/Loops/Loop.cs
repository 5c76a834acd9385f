using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// The inner loops of pointwise operators: read a formula with the widest lane the processor has. A loop is handed out as a function pointer,
/// so that everything around it (<see cref="Walk"/>) is compiled once.
/// <para>
/// Contract of an inner loop: <c>p[0]</c> is the output with stride 1 or <see cref="Streamed"/>, <c>p[1..]</c> are inputs with stride 0 or 1. An
/// element's value does not depend on its position: the tail is padded and goes through the same lanes. Loops skip tier 0, where the reader
/// structs would be real calls.
/// </para>
/// </summary>
internal static unsafe class Loop
{
    /// <summary>
    /// In place of the output's stride 1: the output is aligned to 64 bytes, is no input, and should go past the caches, which it is too large for. A
    /// loop that has no such stores uses plain ones. Memory sees them in any order, so whoever asks for them puts a fence behind the loop.
    /// </summary>
    public const nint Streamed = -1;

    private const int NarrowBytes = 16;

    /// <summary>The loop over real elements.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> Real<B, T>()
        where B : struct, IBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var choice = default(Choice<B, T>);
        Width.Run<Choice<B, T>, T>(ref choice);
        return choice.Loop;
    }

    /// <summary>The loop over whole numbers.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> Whole<B, T>()
        where B : struct, IBody
        where T : unmanaged, IBinaryInteger<T> => &WholeLoop<B, T>;

    /// <summary>The loop over truth values.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> Truth<B>()
        where B : struct, IBody => &TruthLoop<B>;

    /// <summary>The loop that stores the mask a formula gives for real elements as truth values.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> RealMask<B, T>()
        where B : struct, IBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var choice = default(MaskChoice<B, T>);
        Width.RunUpTo256<MaskChoice<B, T>, T>(ref choice);
        return choice.Loop;
    }

    /// <summary>The loop that stores the mask a formula gives for whole numbers as truth values.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> WholeMask<B, T>()
        where B : struct, IBody
        where T : unmanaged, IBinaryInteger<T> => &WholeMaskLoop<B, T>;

    /// <summary>A real loop with a given lane: what <see cref="Real"/> chooses from, and what tests call for each width.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Lanes<B, L, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var body = Unsafe.AsRef<B>(op);
        Unsafe.SkipInit(out L last);
        nint stepA = 0, stepB = 0, stepC = 0, stepD = 0;
        var a = B.Arity > 0 ? Operand<L, T>(p[1], strides[1], out L splatA, out stepA) : null;
        var b = B.Arity > 1 ? Operand<L, T>(p[2], strides[2], out L splatB, out stepB) : null;
        var c = B.Arity > 2 ? Operand<L, T>(p[3], strides[3], out L splatC, out stepC) : null;
        var d = B.Arity > 3 ? Operand<L, T>(p[4], strides[4], out L splatD, out stepD) : null;
        T* o = (T*)p[0], rest = null;
        L x, y, z, w;

        // The compiler sees that narrow lanes have one kind of store: there the choice costs what lies in the nearest cache a sixth.
        var isPlain = L.Count * sizeof(T) <= NarrowBytes || strides[0] != Streamed;
        goto Check;

    Whole:
        x = B.Arity > 0 ? L.Load((T*)a) : default;
        y = B.Arity > 1 ? L.Load((T*)b) : default;
        z = B.Arity > 2 ? L.Load((T*)c) : default;
        w = B.Arity > 3 ? L.Load((T*)d) : default;

    Formula:
        x = body.F(x, y, z, w);
        if (isPlain)
        {
            L.Store(x, o);
        }
        else if (n >= L.Count)
        {
            L.StoreStreamed(x, o);
        }
        else
        {
            StoreFirst(x, o, n);
            return;
        }

        o += L.Count;
        a += stepA;
        b += stepB;
        c += stepC;
        d += stepD;
        n -= L.Count;

    Check:
        if (n >= L.Count)
        {
            goto Whole;
        }

        if (n > 0)
        {
            x = B.Arity > 0 ? First<L, T>(a, stepA, n) : default;
            y = B.Arity > 1 ? First<L, T>(b, stepB, n) : default;
            z = B.Arity > 2 ? First<L, T>(c, stepC, n) : default;
            w = B.Arity > 3 ? First<L, T>(d, stepD, n) : default;
            if (L.Count * sizeof(T) > NarrowBytes)
            {
                isPlain = false;
            }
            else
            {
                rest = o;
                o = (T*)Unsafe.AsPointer(ref last);
            }

            goto Formula;
        }

        if (n < 0)
        {
            StoreFirst(last, rest, n + L.Count);
        }
    }

    /// <summary>
    /// Stores the last elements. A single one is no masked store: the processor hands those on to the next loop's loads only by way of the cache.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFirst<L, T>(L value, T* to, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        if (n == 1)
        {
            *to = *(T*)Unsafe.AsPointer(ref value);
        }
        else
        {
            L.StoreFirst(value, to, (int)n);
        }
    }

    /// <summary>
    /// An input that moves with the loop stays where it is; one that repeats is splatted and stands still. Steps are in bytes, which costs the
    /// processor an addition where elements cost it a multiplication.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Operand<L, T>(byte* from, nint stride, out L splat, out nint step)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        if (stride != 0)
        {
            Unsafe.SkipInit(out splat);
            step = L.Count * sizeof(T);
            return from;
        }

        splat = L.Splat(*(T*)from);
        step = 0;
        return (byte*)Unsafe.AsPointer(ref splat);
    }

    /// <summary>The last elements, padded with copies of the first of them so that the padding cannot be special.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L First<L, T>(byte* from, nint step, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged => step == 0 || n == 1 ? L.Splat(*(T*)from) : L.LoadFirst((T*)from, (int)n);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MaskLanes<B, L, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var body = Unsafe.AsRef<B>(op);
        nint stepB = 0;
        var o = p[0];
        var a = Operand<L, T>(p[1], strides[1], out L splatA, out var stepA);
        var b = B.Arity > 1 ? Operand<L, T>(p[2], strides[2], out L splatB, out stepB) : null;

        for (; n > 0; n -= L.Count)
        {
            var isWhole = n >= L.Count;
            var x = isWhole ? L.Load((T*)a) : First<L, T>(a, stepA, n);
            var y = B.Arity < 2 ? default : isWhole ? L.Load((T*)b) : First<L, T>(b, stepB, n);
            L.StoreMask(body.F(x, y, default, default), o, isWhole ? L.Count : (int)n);
            o += L.Count;
            a += stepA;
            b += stepB;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WholeLoop<B, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where T : unmanaged, IBinaryInteger<T>
    {
        var body = Unsafe.AsRef<B>(op);
        var o = (T*)p[0];
        for (nint i = 0; i < n; i++)
        {
            o[i] = body.I(
                B.Arity > 0 ? Read<T>(p, strides, 1, i) : default,
                B.Arity > 1 ? Read<T>(p, strides, 2, i) : default,
                B.Arity > 2 ? Read<T>(p, strides, 3, i) : default,
                B.Arity > 3 ? Read<T>(p, strides, 4, i) : default).Value;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WholeMaskLoop<B, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where T : unmanaged, IBinaryInteger<T>
    {
        var body = Unsafe.AsRef<B>(op);
        for (nint i = 0; i < n; i++)
        {
            var mask = body.I(
                Read<T>(p, strides, 1, i), B.Arity > 1 ? Read<T>(p, strides, 2, i) : default, default, default);
            p[0][i] = mask.Value != T.Zero ? (byte)1 : (byte)0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TruthLoop<B>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
    {
        var body = Unsafe.AsRef<B>(op);
        for (nint i = 0; i < n; i++)
        {
            var result = body.I(
                B.Arity > 0 ? ReadBit(p, strides, 1, i) : default,
                B.Arity > 1 ? ReadBit(p, strides, 2, i) : default,
                B.Arity > 2 ? ReadBit(p, strides, 3, i) : default,
                B.Arity > 3 ? ReadBit(p, strides, 4, i) : default);
            p[0][i] = result.Value ? (byte)1 : (byte)0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Whole<T> Read<T>(byte** p, nint* strides, int operand, nint i)
        where T : unmanaged, IBinaryInteger<T> => new(((T*)p[operand])[i * strides[operand]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Bit ReadBit(byte** p, nint* strides, int operand, nint i) => new(p[operand][i * strides[operand]] != 0);

    /// <summary>The real loop of the processor's width.</summary>
    private struct Choice<B, T> : IWidthJob<T>
        where B : struct, IBody
        where T : unmanaged
    {
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Loop = &Lanes<B, Lane<T, R, G>, T>;
    }

    /// <summary>The loop of the processor's width that stores a mask.</summary>
    private struct MaskChoice<B, T> : IWidthJob<T>
        where B : struct, IBody
        where T : unmanaged
    {
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => Loop = &MaskLanes<B, Lane<T, R, G>, T>;
    }
}
