using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// sin(pi x) / (pi x), 1 at 0. The whole part of x is taken away before the sine, so that results near whole numbers keep their digits: the error is
/// at
/// most 4 ULP.
/// </summary>
public readonly struct Sinc : IFunction<Sinc>
{
    /// <inheritdoc/>
    public static string Name => "sinc";

    /// <inheritdoc/>
    public static int Weight => 5;

    /// <inheritdoc/>
    public static double Value(double x)
    {
        if (x == 0 || double.IsInfinity(x))
        {
            return x == 0 ? 1 : double.NaN;
        }

        var whole = Math.Round(x);
        var sine = Math.Sin(Math.PI * (x - whole));
        return (whole - (2 * Math.Floor(0.5 * whole)) == 0 ? sine : -sine) / (Math.PI * x);
    }

    /// <summary>The argument of the sine is rounded, and so is the divisor.</summary>
    public static double Error(double x) => 8 * Math.Abs(Value(x));

    /// <inheritdoc/>
    public static V D<V>(V x, V y)
        where V : struct, IReal<V>
    {
        // The quotient loses digits near 0, and all of them in further derivatives; there the series has them.
        var isNear = V.Less(V.Abs(x), V.Of(0.3));
        var far = V.Select(isNear, V.One, x);
        var whole = V.Call<Round>(far);
        var cosine = V.Call<Cos>(V.Of(Math.PI) * (far - whole));
        var isEven = V.Equal(whole, V.Of(2) * V.Call<Floor>(V.Of(0.5) * whole));
        var quotient = (V.Select(isEven, cosine, -cosine) - V.Select(isNear, V.Zero, y)) / far;
        return V.Select(isNear, Near(x), quotient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sinc>.Single<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction<Sinc>.Double<L, T>(L x) => Of<L, T>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var whole = L.Round(x);
        var sine = L.Call<Sin>(L.Of(Math.PI) * (x - whole));
        var isOdd = L.Not(L.Equal(whole - (L.Of(2) * L.Floor(L.Of(0.5) * whole)), L.Zero));
        var y = L.Select(isOdd, -sine, sine) / (L.Of(Math.PI) * x);
        return L.Select(L.Equal(x, L.Zero), L.One, y);
    }

    /// <summary>The derivative near 0: the sum over k of (-1)^k 2k pi^(2k) x^(2k - 1) / (2k + 1)!.</summary>
    private static V Near<V>(V x)
        where V : struct, IReal<V>
    {
        var z = x * x;
        var sum = V.Of(-18 * 888582403.07126338 / 121645100408832000.0);
        sum = (sum * z) + V.Of(16 * 90032220.842933280 / 355687428096000.0);
        sum = (sum * z) - V.Of(14 * 9122171.1817543532 / 1307674368000.0);
        sum = (sum * z) + V.Of(12 * 924269.18152337419 / 6227020800.0);
        sum = (sum * z) - V.Of(10 * 93648.047476083021 / 39916800.0);
        sum = (sum * z) + V.Of(8 * 9488.5310160705742 / 362880.0);
        sum = (sum * z) - V.Of(6 * 961.38919357530444 / 5040.0);
        sum = (sum * z) + V.Of(4 * 97.409091034002437 / 120.0);
        sum = (sum * z) - V.Of(2 * 9.8696044010893586 / 6.0);
        return sum * x;
    }
}
