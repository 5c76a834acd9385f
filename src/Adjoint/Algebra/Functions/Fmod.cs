using System.Runtime.CompilerServices;

namespace Adjoint.Algebra.Functions;

/// <summary>What x leaves after division by y, with the sign of x, exactly; C's <c>fmod</c>.</summary>
public readonly struct Fmod : IFunction2<Fmod>
{
    /// <inheritdoc/>
    public static string Name => "fmod";

    /// <inheritdoc/>
    public static int Weight => 4;

    /// <inheritdoc/>
    public static Domain DomainX => new(5.1, 5.9);

    /// <inheritdoc/>
    public static Domain DomainY => new(2.05, 2.35);

    /// <inheritdoc/>
    public static string NodeName(bool xIsNumber, bool yIsNumber) => yIsNumber ? "FmodBackward0" : "FmodBackward1";

    /// <inheritdoc/>
    public static double Value(double x, double y) => x % y;

    /// <inheritdoc/>
    public static V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    /// <inheritdoc/>
    public static V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => -V.Call<TruncDivide>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Fmod>.Single<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static L IFunction2<Fmod>.Double<L, T>(L x, L y) => Of<L, T>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Of<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged
    {
        var (_, left) = Quotients.Truncated<L, T>(x, y, out var isPlain);
        var isSpecial = L.Not(isPlain);
        return L.Any(isSpecial) ? L.Select(isSpecial, Lanes.Each<Fmod, L, T>(x, y), left) : left;
    }
}
