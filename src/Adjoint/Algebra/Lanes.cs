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
        // Zero and NaN come through x * 0.
        var signed = L.Select(L.Less(x, L.Zero), -L.One, x * L.Zero);
        return L.Select(L.Less(L.Zero, x), L.One, signed);
    }

    /// <summary>
    /// S. Moshier, Cephes, <c>tanh.c</c> and <c>tanhf.c</c>: an odd rational or polynomial approximation below 0.625, and
    /// 1 - 2 / (exp(2|x|) + 1) above. Error at most 2 ULP.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var size = L.Abs(x);
        var z = x * x;
        L near;
        if (typeof(T) == typeof(float))
        {
            var p = (L.Of(-5.70498872745e-3) * z) + L.Of(2.06390887954e-2);
            p = (p * z) - L.Of(5.37397155531e-2);
            p = (p * z) + L.Of(1.33314422036e-1);
            p = (p * z) - L.Of(3.33332819422e-1);
            near = (p * z * x) + x;
        }
        else
        {
            var p = (((L.Of(-9.64399179425052238628e-1) * z) - L.Of(9.92877231001918586564e1)) * z) - L.Of(1.61468768441708447952e3);
            var q = ((((z + L.Of(1.12811678491632931402e2)) * z) + L.Of(2.23548839060100448583e3)) * z) + L.Of(4.84406305325125486048e3);
            near = x + (x * z * p / q);
        }

        // The sum loses the sign of -0.
        near = L.Select(L.Equal(x, L.Zero), x, near);
        var far = L.One - (L.Of(2) / (L.Exp(size + size) + L.One));
        far = L.Select(L.Less(x, L.Zero), -far, far);
        return L.Select(L.Less(size, L.Of(0.625)), near, far);
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
