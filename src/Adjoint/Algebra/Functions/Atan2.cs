using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>
/// The angle of the point (y, x) in radians, from -pi to pi: the arc tangent of the quotient, and half a turn where y is negative. The error is at
/// most
/// 3 ULP. Zeros of the second argument and infinities go to <see cref="Math"/> one by one.
/// </summary>
public readonly struct Atan2 : IFunction2<Atan2>
{
    /// <inheritdoc/>
    public static string Name => "atan2";

    /// <inheritdoc/>
    public static int Weight => 5;

    /// <inheritdoc/>
    public static Domain DomainX => new(0.2, 3);

    /// <inheritdoc/>
    public static Domain DomainY => new(0.2, 3);

    /// <inheritdoc/>
    public static double Value(double x, double y) => Math.Atan2(x, y);

    /// <summary>A quotient before the arc tangent and a sum after it.</summary>
    public static double Error(double x, double y) => 6 * Math.Abs(Value(x, y));

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var square = (x * x) + (y * y);
        var isZero = V.Equal(square, V.Zero);
        return V.Select(isZero, V.Zero, y / V.Select(isZero, V.One, square));
    }

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>
    {
        var square = (x * x) + (y * y);
        var isZero = V.Equal(square, V.Zero);
        return V.Select(isZero, V.Zero, -x / V.Select(isZero, V.One, square));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Atan2>.Single<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Atan2>.Double<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var angle = L.Call<Atan>(x / y);

        // Half a turn is the rounded pi plus what rounding takes away.
        var (turn, lost) = (L.CopySign(L.Of(Math.PI), x), L.CopySign(L.Of(Precision.IsSingle<T>() ? 8.74227766e-8 : 1.2246467991473532e-16), x));
        angle = L.Select(L.Less(y, L.Zero), turn + (Precision.IsSingle<T>() ? angle - lost : angle + lost), angle);
        var size = L.Max(L.Abs(x), L.Abs(y));
        var isPlain = L.And(L.Less(size, L.Of(double.PositiveInfinity)), L.Not(L.Equal(y, L.Zero)));
        var isSpecial = L.Not(isPlain);
        return L.Any(isSpecial) ? L.Select(isSpecial, Lanes.Each<Atan2, L, T>(x, y), angle) : angle;
    }
}
