using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// 1 - erf(x) without loss for large x: up to 1 by the series of the error function, above by e^(-x^2) times its rational approximation, with what
/// rounding takes from x^2. The error is at most 6 ULP. From 8 on elements go one by one, and all where the processor has no fused multiplication,
/// without which the polynomials lose more.
/// </summary>
public readonly struct Erfc : IFunction<Erfc>
{
    /// <inheritdoc/>
    public static string Name => "erfc";

    /// <inheritdoc/>
    public static int Weight => 6;

    /// <inheritdoc/>
    public static double Value(double x) => !(x >= 0.5)
        ? double.IsNaN(x) ? x : x < -0.5 ? 2 - Value(-x) : 1 - ErrorFunction.Erf(x)
        : ErrorFunction.Complement(x);

    /// <summary>Two polynomials, a quotient and a power of e.</summary>
    public static double Error(double x) => 12 * Value(x);

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Of(-1.1283791670955126) * V.Call<Exp>(-(x * x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Erfc>.Single<L, T>(L x) => Lanes.HasFused ? Of<L, T>(x) : Lanes.Each<Erfc, L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Erfc>.Double<L, T>(L x) => Lanes.HasFused ? Of<L, T>(x) : Lanes.Each<Erfc, L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        // 1 - x is exact where the result is small, and the rest of the error function is small there.
        var size = L.Abs(x);
        var near = L.Clamp(x, -L.One, L.One);
        near = (L.One - near) - (near * Erf.Beside<L, T>(near));

        var far = L.Clamp(size, L.One, L.Of(8));
        var square = far * far;
        var lost = L.Fused(far, far, -square);
        var (p, q) = Erf.Complement<L, T>(far);
        var tail = L.Call<Exp>(-square) * p / q;
        tail -= tail * lost;
        var y = L.Select(L.Less(L.One, size), L.Select(L.Less(x, L.Zero), L.Of(2) - tail, tail), near);
        var isRare = L.Less(L.Of(8), x);
        return L.Any(isRare) ? L.Select(isRare, Lanes.Each<Erfc, L, T>(x), y) : y;
    }
}
