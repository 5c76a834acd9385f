using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// log(1 + x) without loss for small x: what rounding 1 + x takes away comes back as a first-order term. The error is at most 2 ULP.
/// </summary>
public readonly struct Log1p : IFunction<Log1p>
{
    /// <inheritdoc/>
    public static string Name => "log1p";

    /// <inheritdoc/>
    public static int Weight => 5;

    /// <inheritdoc/>
    public static Domain Domain => new(-0.8, 4);

    /// <summary>The rounding of 1 + x cancels in the quotient (Kahan; Goldberg, 1991, theorem 4).</summary>
    public static double Value(double x)
    {
        var u = 1 + x;
        return u == 1 || double.IsPositiveInfinity(u) ? x : u <= 0 ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / (V.One + x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log1p>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Log1p>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var u = L.One + x;
        var lost = L.Select(L.Less(L.One, x), L.One - (u - x), x - (u - L.One));

        // At -1 and at infinity nothing is lost, and the quotient would be NaN.
        var isPlain = L.And(L.Less(L.Zero, u), L.Less(u, L.Of(double.PositiveInfinity)));
        var y = L.Call<Log>(u) + L.Select(isPlain, lost / u, L.Zero);
        return L.Select(L.Equal(x, L.Zero), x, y);
    }
}
