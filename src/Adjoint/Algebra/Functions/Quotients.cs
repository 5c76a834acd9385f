using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// Whole quotients and what they leave. The rounded quotient x / y is never below a whole number that the exact one reaches, so its whole part is
/// right or one too large in magnitude; what it leaves, exact by one fused step, tells which. From 2^23 or 2^52 on, and where an operand or the
/// quotient is not finite, elements go one by one.
/// </summary>
internal static class Quotients
{
    /// <summary>The quotient without its fraction, and what it leaves, exactly; the mask says where both are right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (L Quotient, L Left) Truncated<L, T>(L x, L y, out L isPlain)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var quotient = x / y;
        var size = L.Abs(quotient);
        isPlain = L.And(L.Less(size, L.Of(Precision.IsSingle<T>() ? 1 << 23 : 1L << 52)), L.Less(L.Abs(y), L.Of(double.PositiveInfinity)));
        var whole = L.CopySign(L.Floor(size), quotient);
        var left = L.Fused(-whole, y, x);

        // One too large: what is left has the other sign than x.
        var isOver = L.Less(L.CopySign(L.One, x) * L.Sign(left), L.Zero);
        whole = L.Select(isOver, whole - L.CopySign(L.One, quotient), whole);
        left = L.Select(isOver, L.Fused(-whole, y, x), left);
        return (whole, L.CopySign(left, x));
    }

    /// <summary>The mask where a remainder is not zero and has the other sign than the divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L IsOpposed<L, T>(L left, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged => L.Less(L.Sign(left) * L.CopySign(L.One, y), L.Zero);

    /// <summary>x / y rounded down, by way of the remainder, as Python and PyTorch have it.</summary>
    public static double Floor(double x, double y)
    {
        if (y == 0)
        {
            return x / y;
        }

        var left = x % y;
        var quotient = (x - left) / y;
        if (left != 0 && (left < 0) != (y < 0))
        {
            quotient -= 1;
        }

        if (quotient == 0)
        {
            return Math.CopySign(0, x / y);
        }

        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
