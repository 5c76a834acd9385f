using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Algebra;

/// <summary>The functions that the base library has no vector form of, written once in the algebra for all three lane widths.</summary>
internal static unsafe class Lanes
{
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

    /// <summary>The sine of any angle, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Sin<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged => Each<L, T>(x, &Math.Sin);

    /// <summary>The cosine of any angle, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static L Cos<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged => Each<L, T>(x, &Math.Cos);

    [SkipLocalsInit]
    private static L Each<L, T>(L x, delegate*<double, double> function)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var lanes = stackalloc T[16];
        L.Store(x, lanes);
        for (var i = 0; i < L.Count; i++)
        {
            if (typeof(T) == typeof(float))
            {
                ((float*)lanes)[i] = (float)function(((float*)lanes)[i]);
            }
            else
            {
                ((double*)lanes)[i] = function(((double*)lanes)[i]);
            }
        }

        return L.Load(lanes);
    }
}
