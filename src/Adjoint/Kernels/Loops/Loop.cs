using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>
/// The inner loops of pointwise operators: read a formula with the widest lane the processor has. A loop is handed out as a function pointer,
/// so that everything around it (<see cref="Walk"/>) is compiled once.
/// <para>
/// Contract of an inner loop: <c>p[0]</c> is the output with stride 1 or <see cref="Streamed"/>, <c>p[1..]</c> are inputs with stride 0 or 1. An element's value does not
/// depend on its position: the tail is padded and goes through the same lanes. Loops skip tier 0, where the reader
/// structs would be real calls.
/// </para>
/// </summary>
internal static unsafe class Loop
{
    /// <summary>In place of the output's stride 1: the output is aligned to 64 bytes, is no input, and should go past the caches, which it is too large for.</summary>
    public const nint Streamed = -1;

    private const int Widest = 16;

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
        if (strides[0] == Streamed)
        {
            Stream<B, L, T>(op, p, strides, n);
            return;
        }

        var body = Unsafe.AsRef<B>(op);
        var splats = stackalloc T[4 * Widest];
        var o = (T*)p[0];
        T* a = null, b = null, c = null, d = null;
        nint stepA = 0, stepB = 0, stepC = 0, stepD = 0;
        if (B.Arity > 0)
        {
            a = Operand<L, T>((T*)p[1], strides[1], splats, out stepA);
        }

        if (B.Arity > 1)
        {
            b = Operand<L, T>((T*)p[2], strides[2], splats + Widest, out stepB);
        }

        if (B.Arity > 2)
        {
            c = Operand<L, T>((T*)p[3], strides[3], splats + (2 * Widest), out stepC);
        }

        if (B.Arity > 3)
        {
            d = Operand<L, T>((T*)p[4], strides[4], splats + (3 * Widest), out stepD);
        }

        for (; n >= L.Count; n -= L.Count)
        {
            L.Store(
                body.F(
                    B.Arity > 0 ? L.Load(a) : default,
                    B.Arity > 1 ? L.Load(b) : default,
                    B.Arity > 2 ? L.Load(c) : default,
                    B.Arity > 3 ? L.Load(d) : default),
                o);
            o += L.Count;
            a += stepA;
            b += stepB;
            c += stepC;
            d += stepD;
        }

        if (n > 0)
        {
            var result = stackalloc T[Widest];
            L.Store(
                body.F(
                    B.Arity > 0 ? Tail<L, T>(a, stepA, splats, n) : default,
                    B.Arity > 1 ? Tail<L, T>(b, stepB, splats + Widest, n) : default,
                    B.Arity > 2 ? Tail<L, T>(c, stepC, splats + (2 * Widest), n) : default,
                    B.Arity > 3 ? Tail<L, T>(d, stepD, splats + (3 * Widest), n) : default),
                result);
            for (nint i = 0; i < n; i++)
            {
                o[i] = result[i];
            }
        }
    }

    /// <summary>
    /// The same with stores that do not read the lines they overwrite. Memory sees them in any order, so a fence ends the loop. Compiled when first needed.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stream<B, L, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        const int Most = 5;
        var body = Unsafe.AsRef<B>(op);
        var splats = stackalloc T[4 * Widest];
        var rest = stackalloc byte*[Most];
        var plain = stackalloc nint[Most];
        var whole = n - (n % L.Count);
        plain[0] = 1;
        rest[0] = p[0] + (whole * sizeof(T));
        for (var k = 1; k <= B.Arity; k++)
        {
            plain[k] = strides[k];
            rest[k] = p[k] + (whole * strides[k] * sizeof(T));
        }

        nint stepA = 0, stepB = 0, stepC = 0, stepD = 0;
        var a = B.Arity > 0 ? Operand<L, T>((T*)p[1], strides[1], splats, out stepA) : null;
        var b = B.Arity > 1 ? Operand<L, T>((T*)p[2], strides[2], splats + Widest, out stepB) : null;
        var c = B.Arity > 2 ? Operand<L, T>((T*)p[3], strides[3], splats + (2 * Widest), out stepC) : null;
        var d = B.Arity > 3 ? Operand<L, T>((T*)p[4], strides[4], splats + (3 * Widest), out stepD) : null;
        var end = (T*)rest[0];
        for (var o = (T*)p[0]; o < end; o += L.Count)
        {
            L.StoreStreamed(
                body.F(
                    B.Arity > 0 ? L.Load(a) : default,
                    B.Arity > 1 ? L.Load(b) : default,
                    B.Arity > 2 ? L.Load(c) : default,
                    B.Arity > 3 ? L.Load(d) : default),
                o);
            a += stepA;
            b += stepB;
            c += stepC;
            d += stepD;
        }

        Interlocked.MemoryBarrier();
        if (whole < n)
        {
            Lanes<B, L, T>(op, rest, plain, n - whole);
        }
    }

    /// <summary>An input that moves with the loop stays where it is; one that repeats is splatted and stands still.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* Operand<L, T>(T* from, nint stride, T* splat, out nint step)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        if (stride != 0)
        {
            step = L.Count;
            return from;
        }

        L.Store(L.Splat(*from), splat);
        step = 0;
        return splat;
    }

    /// <summary>The last elements, padded with copies of the first of them so that the padding cannot be special.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Tail<L, T>(T* from, nint step, T* buffer, nint n)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        if (n == 1 || step == 0)
        {
            return L.Splat(*from);
        }

        L.Store(L.Splat(*from), buffer);
        for (nint i = 1; i < n; i++)
        {
            buffer[i] = from[i];
        }

        return L.Load(buffer);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskLanes<B, L, T>(void* op, byte** p, nint* strides, nint n)
        where B : struct, IBody
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var body = Unsafe.AsRef<B>(op);
        var splats = stackalloc T[2 * Widest];
        var o = p[0];
        var a = Operand<L, T>((T*)p[1], strides[1], splats, out var stepA);
        T* b = null;
        nint stepB = 0;
        if (B.Arity > 1)
        {
            b = Operand<L, T>((T*)p[2], strides[2], splats + Widest, out stepB);
        }

        for (; n >= L.Count; n -= L.Count)
        {
            L.StoreMask(body.F(L.Load(a), B.Arity > 1 ? L.Load(b) : default, default, default), o);
            o += L.Count;
            a += stepA;
            b += stepB;
        }

        if (n > 0)
        {
            var result = stackalloc byte[Widest];
            var last = Tail<L, T>(a, stepA, splats, n);
            L.StoreMask(body.F(last, B.Arity > 1 ? Tail<L, T>(b, stepB, splats + Widest, n) : default, default, default), result);
            for (nint i = 0; i < n; i++)
            {
                o[i] = result[i];
            }
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
