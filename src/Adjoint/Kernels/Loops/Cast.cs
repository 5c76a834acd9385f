using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Inner loops that copy elements from one dtype to another: C's conversions, and "not zero" for bool.</summary>
internal static unsafe class Cast
{
    /// <summary>
    /// The dtype by way of which elements without loops are converted: int64, and for numbers beyond it, between uint64 and reals, a real; null where
    /// there is a loop from one to the other.
    /// </summary>
    public static DType? Between(DType from, DType to)
    {
        if ((from.HasLoops && to.HasLoops) || from == to)
        {
            return null;
        }

        if (from == DType.UInt64 && to.IsFloatingPoint)
        {
            return to.IsNarrow ? to.Compute : null;
        }

        if (to == DType.UInt64 && from.IsFloatingPoint)
        {
            return from == DType.Float64 ? null : DType.Float64;
        }

        return from == DType.Int64 || to == DType.Int64 ? null : DType.Int64;
    }

    /// <summary>The loop for a pair that needs nothing between.</summary>
    public static delegate*<void*, byte**, nint*, nint, void> Inner(DType from, DType to)
    {
        if (!from.HasLoops || !to.HasLoops)
        {
            return Rare(from, to);
        }

        var job = new FromJob { To = to };
        from.Visit(ref job);
        return job.Loop;
    }

    /// <summary>How much a loop does for each element (<see cref="Work"/>): copies and casts between reals move vectors.</summary>
    public static int WeightOf(DType from, DType to) =>
        from == to || (from.IsFloatingPoint && to.IsFloatingPoint && !from.IsNarrow && !to.IsNarrow) ? Work.Light : Work.Single;

    /// <summary>The loop for a pair that has an element without loops.</summary>
    private static delegate*<void*, byte**, nint*, nint, void> Rare(DType from, DType to)
    {
        if (from == to)
        {
            return from.ItemSize switch
            {
                sizeof(byte) => &Convert<byte, byte>,
                sizeof(ushort) => &Convert<ushort, ushort>,
                sizeof(int) => &Convert<int, int>,
                _ => &Convert<long, long>,
            };
        }

        if (from.IsFloatingPoint)
        {
            return &ToUnsigned;
        }

        if (to.IsFloatingPoint)
        {
            return to == DType.Float64 ? &Convert<ulong, double> : &Convert<ulong, float>;
        }

        var job = new RareJob { ToWide = to == DType.Int64 };
        (job.ToWide ? from : to).Visit(ref job);
        return job.Loop;
    }

    /// <summary>Reals to uint64: what is negative wraps around, and what is no number or beyond both is as in <see cref="One"/>.</summary>
    private static void ToUnsigned(void* op, byte** p, nint* strides, nint n)
    {
        const double past = 18446744073709551616.0;
        var to = (ulong*)p[0];
        var from = (double*)p[1];
        for (nint i = 0; i < n; i++)
        {
            var real = from[i * strides[1]];
            to[i] = real is >= 0 and < past ? (ulong)real : (ulong)One<double, long>(real);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<A, B>(void* op, byte** p, nint* strides, nint n)
        where A : unmanaged, INumberBase<A>
        where B : unmanaged, INumberBase<B>
    {
        var to = (B*)p[0];
        var from = (A*)p[1];
        var step = strides[1];
        if (typeof(A) == typeof(B) && step == 1)
        {
            Buffer.MemoryCopy(from, to, n * sizeof(B), n * sizeof(B));
            return;
        }

        var start = step != 1 ? 0
            : typeof(A) == typeof(float) && typeof(B) == typeof(double) ? Widen((float*)from, (double*)to, n)
            : typeof(A) == typeof(double) && typeof(B) == typeof(float) ? Narrow((double*)from, (float*)to, n)
            : typeof(A) == typeof(int) && typeof(B) == typeof(float) ? ToSingle((int*)from, (float*)to, n)
            : 0;
        for (var i = start; i < n; i++)
        {
            to[i] = typeof(A) == typeof(B) ? Unsafe.BitCast<A, B>(from[i * step]) : One<A, B>(from[i * step]);
        }
    }

    /// <summary>To or from what is stored in fewer bits than it is computed with: through the types to compute with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Through<A, X, CA, B, Y, CB>(void* op, byte** p, nint* strides, nint n)
        where A : unmanaged
        where X : unmanaged, INumberBase<X>
        where CA : struct, IStored<A, X>
        where B : unmanaged
        where Y : unmanaged, INumberBase<Y>
        where CB : struct, IStored<B, Y>
    {
        var to = (B*)p[0];
        var from = (A*)p[1];
        var step = strides[1];
        for (nint i = 0; i < n; i++)
        {
            to[i] = CB.Narrow(One<X, Y>(CA.Widen(from[i * step])));
        }
    }

    /// <summary>Whole vectors; returns how many elements that were. So do the next two.
    /// A conversion rounds each element by itself, in a vector or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Widen(float* from, double* to, nint n)
    {
        nint i = 0;
        for (; i <= n - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            low.Store(to + i);
            high.Store(to + i + Vector256<double>.Count);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Narrow(double* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256.Narrow(Vector256.Load(from + i), Vector256.Load(from + i + Vector256<double>.Count)).Store(to + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint ToSingle(int* from, float* to, nint n)
    {
        nint i = 0;
        for (; i <= n - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            Vector256.ConvertToSingle(Vector256.Load(from + i)).Store(to + i);
        }

        return i;
    }

    /// <summary>
    /// Reals go to unsigned bytes by way of a signed integer, as PyTorch's do: -1 becomes 255. A real that is no number or beyond a signed integer
    /// becomes the least one, as x86 has it and PyTorch with it; here on every processor.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static B One<A, B>(A value)
        where A : unmanaged, INumberBase<A>
        where B : unmanaged, INumberBase<B>
    {
        if (typeof(A) != typeof(float) && typeof(A) != typeof(double))
        {
            return B.CreateTruncating(value);
        }

        if (typeof(B) == typeof(int))
        {
            var real = double.CreateTruncating(value);
            return B.CreateTruncating(real > int.MinValue - 1.0 && real < int.MaxValue + 1.0 ? (int)real : int.MinValue);
        }

        if (typeof(B) == typeof(long) || typeof(B) == typeof(byte))
        {
            const double past = 9223372036854775808;
            var real = double.CreateTruncating(value);
            return B.CreateTruncating(real is >= -past and < past ? (long)real : long.MinValue);
        }

        return B.CreateTruncating(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Truth<A, X, CA>(void* op, byte** p, nint* strides, nint n)
        where A : unmanaged
        where X : unmanaged, INumberBase<X>
        where CA : struct, IStored<A, X>
    {
        var from = (A*)p[1];
        for (nint i = 0; i < n; i++)
        {
            p[0][i] = X.IsZero(CA.Widen(from[i * strides[1]])) ? (byte)0 : (byte)1;
        }
    }

    /// <summary>Finds the type of what is read.</summary>
    private struct FromJob : IDTypeJob
    {
        public DType To;
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        void IDTypeJob.Truth()
        {
            var job = new ToJob<byte, byte, AsStored<byte>> { IsTruth = true };
            To.Visit(ref job);
            Loop = job.Loop;
        }

        void IDTypeJob.Whole<T>()
        {
            var job = default(ToJob<T, T, AsStored<T>>);
            To.Visit(ref job);
            Loop = job.Loop;
        }

        void IDTypeJob.Real<S, T, C>()
        {
            var job = default(ToJob<S, T, C>);
            To.Visit(ref job);
            Loop = job.Loop;
        }
    }

    /// <summary>Finds the loop between int64 and a type without others.</summary>
    private struct RareJob : IDTypeJob
    {
        public bool ToWide;
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        static RareWhole IDTypeJob.Rare => RareWhole.Run;

        readonly void IDTypeJob.Truth()
        {
        }

        void IDTypeJob.Whole<T>() => Loop = ToWide ? &Convert<T, long> : &Convert<long, T>;

        readonly void IDTypeJob.Real<S, T, C>()
        {
        }
    }

    /// <summary>Finds the type of what is written.</summary>
    private struct ToJob<A, X, CA> : IDTypeJob
        where A : unmanaged
        where X : unmanaged, INumberBase<X>
        where CA : struct, IStored<A, X>
    {
        public bool IsTruth;
        public delegate*<void*, byte**, nint*, nint, void> Loop;

        void IDTypeJob.Truth() => Loop = IsTruth ? &Convert<X, byte> : &Truth<A, X, CA>;

        void IDTypeJob.Whole<T>() => Loop = typeof(A) == typeof(X) ? &Convert<X, T> : &Through<A, X, CA, T, T, AsStored<T>>;

        void IDTypeJob.Real<S, T, C>()
        {
            if (typeof(A) == typeof(X) && typeof(S) == typeof(T))
            {
                Loop = &Convert<X, T>;
            }
            else if (typeof(A) == typeof(S))
            {
                Loop = &Convert<ushort, ushort>;
            }
            else
            {
                Loop = &Through<A, X, CA, S, T, C>;
            }
        }
    }
}
