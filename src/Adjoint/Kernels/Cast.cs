using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Inner loops that copy elements from one dtype to another: C's conversions, and "not zero" for bool.</summary>
internal static unsafe class Cast
{
    public static delegate*<void*, byte**, nint*, nint, void> Inner(DType from, DType to) => from switch
    {
        DType.Bool => To<byte>(to, isBool: true),
        DType.UInt8 => To<byte>(to, isBool: false),
        DType.Int32 => To<int>(to, isBool: false),
        DType.Int64 => To<long>(to, isBool: false),
        DType.Float32 => To<float>(to, isBool: false),
        _ => To<double>(to, isBool: false),
    };

    private static delegate*<void*, byte**, nint*, nint, void> To<A>(DType to, bool isBool)
        where A : unmanaged, INumberBase<A> => to switch
        {
            DType.Bool => isBool ? &Convert<A, byte> : &Truth<A>,
            DType.UInt8 => &Convert<A, byte>,
            DType.Int32 => &Convert<A, int>,
            DType.Int64 => &Convert<A, long>,
            DType.Float32 => &Convert<A, float>,
            _ => &Convert<A, double>,
        };

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

        for (nint i = 0; i < n; i++)
        {
            to[i] = typeof(A) == typeof(B) ? Unsafe.BitCast<A, B>(from[i * step]) : One<A, B>(from[i * step]);
        }
    }

    /// <summary>Reals go to unsigned bytes by way of a signed integer, as PyTorch's do: -1 becomes 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static B One<A, B>(A value)
        where A : unmanaged, INumberBase<A>
        where B : unmanaged, INumberBase<B> =>
        typeof(B) == typeof(byte) ? B.CreateTruncating(long.CreateTruncating(value)) : B.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Truth<A>(void* op, byte** p, nint* strides, nint n)
        where A : unmanaged, INumberBase<A>
    {
        var from = (A*)p[1];
        for (nint i = 0; i < n; i++)
        {
            p[0][i] = A.IsZero(from[i * strides[1]]) ? (byte)0 : (byte)1;
        }
    }
}
