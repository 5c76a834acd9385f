using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>What x leaves after division by y, with the sign of y, as Python's <c>%</c>.</summary>
public readonly struct Remainder : IFunction2<Remainder>
{
    /// <inheritdoc/>
    public static string Name => "remainder";

    /// <inheritdoc/>
    public static int Weight => 4;

    /// <inheritdoc/>
    public static Domain DomainX => new(5.1, 5.9);

    /// <inheritdoc/>
    public static Domain DomainY => new(2.05, 2.35);

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => yIsNumber ? "RemainderBackward0" : "RemainderBackward1";

    /// <inheritdoc/>
    public static double Value(double x, double y)
    {
        var left = x % y;
        return left != 0 && (left < 0) != (y < 0) ? left + y : left;
    }

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -V.Call<FloorDivide>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Remainder>.Single<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Remainder>.Double<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (_, left) = Quotients.Truncated<L, T>(x, y, out var isPlain);
        left = L.Select(Quotients.IsOpposed<L, T>(left, y), left + y, left);
        var isSpecial = L.Not(isPlain);
        return L.Any(isSpecial) ? L.Select(isSpecial, Lanes.Each<Remainder, L, T>(x, y), left) : left;
    }
}
