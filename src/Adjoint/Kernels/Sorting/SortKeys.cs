using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>An element as an unsigned whole number of the same order, so that one sort serves all types.</summary>
internal interface ISortKey<T>
{
    /// <summary>Whether keys have 32 bits, not 64.</summary>
    static abstract bool IsNarrow { get; }

    /// <summary>The key of an element; equal ones have equal keys.</summary>
    static abstract ulong Of(T x);
}

/// <summary>Reals: both zeros are equal, NaN is larger than everything.</summary>
internal readonly struct RealKey<T> : ISortKey<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsNarrow => Unsafe.SizeOf<T>() == sizeof(uint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(T x)
    {
        // A sum with zero has no negative zero. Below zero, bits grow with the magnitude.
        if (IsNarrow)
        {
            var bits = Unsafe.BitCast<T, uint>(x + T.Zero);
            return T.IsNaN(x) ? uint.MaxValue : (bits >> 31) != 0 ? ~bits : bits | (1U << 31);
        }

        var wide = Unsafe.BitCast<T, ulong>(x + T.Zero);
        return T.IsNaN(x) ? ulong.MaxValue : (wide >> 63) != 0 ? ~wide : wide | (1UL << 63);
    }
}

/// <summary>Whole numbers, counted from the smallest that there is.</summary>
internal readonly struct WholeKey<T> : ISortKey<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static bool IsNarrow => Unsafe.SizeOf<T>() <= sizeof(uint);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(T x)
    {
        var key = ulong.CreateTruncating(unchecked(x - T.MinValue));
        return IsNarrow ? (uint)key : key;
    }
}
