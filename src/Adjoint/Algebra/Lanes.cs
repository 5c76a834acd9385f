using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>What lanes of every width do in the same way.</summary>
internal static unsafe class Lanes
{
    private const int Widest = 16;

    /// <summary>Whether multiplying and adding with one rounding is an instruction.</summary>
    public static bool HasFused => Fma.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sign<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // Zeros of either sign and NaN are neither above nor below zero.
        var signed = L.Select(L.Less(x, L.Zero), -L.One, L.Zero);
        return L.Select(L.Less(L.Zero, x), L.One, signed);
    }

    /// <summary>A function's value for one element after the other.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Each<F, L, T>(L x)
        where F : struct, IFunction<F>
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var lanes = stackalloc T[Widest];
        L.Store(x, lanes);
        for (var i = 0; i < L.Count; i++)
        {
            Write(lanes, i, F.Value(Read(lanes, i)));
        }

        return L.Load(lanes);
    }

    /// <inheritdoc cref="Each{F, L, T}(L)"/>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Each<F, L, T>(L x, L y)
        where F : struct, IFunction2<F>
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var left = stackalloc T[Widest];
        var right = stackalloc T[Widest];
        L.Store(x, left);
        L.Store(y, right);
        for (var i = 0; i < L.Count; i++)
        {
            Write(left, i, F.Value(Read(left, i), Read(right, i)));
        }

        return L.Load(left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Read<T>(T* lanes, int i)
        where T : unmanaged => typeof(T) == typeof(float) ? ((float*)lanes)[i] : ((double*)lanes)[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(T* lanes, int i, double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            ((float*)lanes)[i] = (float)value;
        }
        else
        {
            ((double*)lanes)[i] = value;
        }
    }
}
