using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The inverse hyperbolic cosine, log(1 + t + sqrt(2 t + t^2)) with t = x - 1. The error is at most 3 ULP; below 1 it is NaN.</summary>
public readonly struct Acosh : IFunction<Acosh>
{
    /// <inheritdoc/>
    public static string Name => "acosh";

    /// <inheritdoc/>
    public static int Weight => 7;

    /// <inheritdoc/>
    public static Domain Domain => new(1.1, 4);

    /// <inheritdoc/>
    public static double Value(double x) => Math.Acosh(x);

    /// <summary>Several steps before the logarithm.</summary>
    public static double Error(double x) => 6 * Math.Abs(Math.Acosh(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (V.Sqrt(x - V.One) * V.Sqrt(x + V.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Acosh>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Acosh>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // From 2^60 on it is log(2 x), in which 2 x might overflow.
        var isHuge = L.Less(L.Of(1L << 60), x);
        var t = x - L.One;
        var sum = t + L.Sqrt(L.Fma(t, t, t + t));
        var y = L.Call<Log1p>(L.Select(isHuge, x, sum)) + L.Select(isHuge, L.Of(0.69314718055994531), L.Zero);
        return L.Select(L.Less(x, L.One), L.Of(double.NaN), y);
    }
}
