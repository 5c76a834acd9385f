using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>The quotient rounded down, exact where it is below 2^23 in float32 or 2^52 in float64. Its derivatives are 0.</summary>
public readonly struct FloorDivide : IFunction2<FloorDivide>
{
    /// <inheritdoc/>
    public static string Name => "floor_divide";

    /// <inheritdoc/>
    public static int Weight => 4;

    /// <inheritdoc/>
    public static Domain DomainX => new(5.1, 5.9);

    /// <inheritdoc/>
    public static Domain DomainY => new(2.05, 2.35);

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => "DivBackward2";

    /// <inheritdoc/>
    public static double Value(double x, double y) => Quotients.Floor(x, y);

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<FloorDivide>.Single<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<FloorDivide>.Double<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (quotient, left) = Quotients.Truncated<L, T>(x, y, out var isPlain);
        quotient = L.Select(Quotients.IsOpposed<L, T>(left, y), quotient - L.One, quotient);
        var isSpecial = L.Not(isPlain);
        return L.Any(isSpecial) ? L.Select(isSpecial, Lanes.Each<FloorDivide, L, T>(x, y), quotient) : quotient;
    }
}
